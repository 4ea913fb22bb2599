public import Configuration
import JSON
import Locks
public import ProviderKit
import SessionLog

/// A conversation with a model, run by the modules of a mount plan, with everything that happens in its event log.
public final class HostSession: Sendable {
    private struct State {
        var context: ConversationContext
        /// How often the conversation was forgotten, so that an answer under way is not put into the next one.
        var forgotten = 0
        /// The prompt that is being answered: its stream ends with it.
        var turn: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)?
        /// What closes the session, once that has begun.
        var closing: Task<Void, Never>?
    }

    /// Where the session's events go.
    public let recorder: SessionRecorder
    let modules: MountedModules
    let selection: Guarded<ProviderSelection>
    /// Lets the provider find out about its server while the user is still typing.
    let preparation = ProviderPreparation()
    private let keeper: ConversationKeeper
    private let state: Guarded<State>
    /// What ends when the session is closed.
    private let scope = TaskScope()

    /// Mounts a plan's modules; behind that, in the background, the provider that is to answer finds out about its server.
    /// - Parameters:
    ///   - plan: what to mount.
    ///   - registry: the modules that there are.
    ///   - recorder: the session's log, open already, so that it tells what goes wrong here.
    ///   - environment: the environment variables that modules may read.
    ///   - tools: tools to offer besides those of the plan.
    ///   - system: the system message that the conversation begins with; of one that goes on, that which it had counts where this is `nil`.
    ///   - provider: the provider that alone is asked, by the name that it is mounted under; see `select`.
    /// - Throws: `HostError`, `ConfigurationError`, or what a module's mount function throws; each is in the log, too.
    public init(
        plan: MountPlan, registry: ModuleRegistry, recorder: SessionRecorder, environment: [String: String] = [:],
        tools: [any HostTool] = [], system: String? = nil, provider: String? = nil
    ) throws {
        self.recorder = recorder
        if let provider { _ = try plan.providerIndex(named: provider) }
        modules = try MountedModules(plan, registry: registry, recorder: recorder, environment: environment, tools: tools)
        recorder.configure(modules.log)
        selection = Guarded(
            ProviderSelection(
                modules.providers.map(\.name), failsOver: modules.loop.failsOver, cooldown: modules.loop.failoverCooldown, chosen: provider)
        )
        keeper = ConversationKeeper(recorder, isSynchronised: modules.log.options.durability == .fsync)
        let context = recorder.resumed.map { ConversationContext(resuming: $0, system: system) } ?? ConversationContext(system: system)
        state = Guarded(State(context: context))
        keep(context, number: 0)
        if let selected = selectedProvider { preparation.begin(selected) }
    }

    /// The session's id.
    public var id: String { recorder.sessionID }

    /// The conversation so far.
    public var messages: [Message] { state.withLock { $0.context.messages } }

    /// Why the conversation is not in the session's folder, as far as it has come, so that it cannot be resumed; `nil` where it is, or is
    /// about to be.
    public var conversationLoss: String? { keeper.failure }

    /// The system message that the conversation begins with; `nil` for none. Setting it leaves the rest of the conversation as it is.
    public var system: String? {
        get { state.withLock { $0.context.system } }
        set {
            state.withLock { state in
                state.context.system = newValue
                keep(state.context, number: state.forgotten)
            }
        }
    }

    /// Answers a prompt of text alone; see the other `execute`.
    public func execute(
        _ prompt: String, options: PromptOptions = PromptOptions(), onEvent: @escaping (TurnEvent) -> Void = { _ in }
    ) async throws -> TurnResult {
        try await execute(.user(prompt), options: options, onEvent: onEvent)
    }

    /// Answers a prompt.
    ///
    /// When a provider fails before anything of its answer was handed over, the next one is asked, in the order of priority, unless the
    /// prompt would fail there, too, or a provider was chosen.
    ///
    /// A prompt that fails leaves the conversation as it was before. One that is cancelled in the middle of an answer keeps what there is
    /// of it, so that the user may refer to it.
    /// - Parameters:
    ///   - prompt: what the user says: text, images.
    ///   - options: how it is to be answered.
    ///   - onEvent: is told what happens, in order, on the caller's task (`PromptOptions.readsOnArrivalThread` says on which thread).
    /// - Throws: `ProviderError`, with what had arrived in its `partialResponse`; `HostError`.
    public func execute(
        _ prompt: Message, options: PromptOptions = PromptOptions(), onEvent: @escaping (TurnEvent) -> Void = { _ in }
    ) async throws -> TurnResult {
        let forgotten = try begin()
        // How the conversation goes on; `nil` as it was before.
        var context: ConversationContext?
        var answered: (provider: String?, model: String?)
        defer { end(context, unlessForgottenSince: forgotten, provider: answered.provider, model: answered.model) }
        recorder.emit(EventName.promptSubmit, ["prompt": .string(prompt.content.plainText)])
        var turn = Turn(self, scope: scope, prompt, options: options, onEvent: onEvent)
        do {
            let result = try await turn.run()
            context = turn.context
            answered = (result.provider, model(of: result, options))
            complete(result.response.text, answers: turn.responses.count, status: "success")
            return result
        } catch {
            let failure = error as? ProviderError
            if failure?.code == .cancelled { tellCancellation(answers: turn.responses.count) }
            if failure?.code == .cancelled, let message = failure?.partialResponse.flatMap(Self.interrupted) {
                context = turn.context
                context?.add(message)
            }
            complete(
                failure?.partialResponse?.text ?? "", answers: turn.responses.count,
                status: failure?.code == .cancelled ? "cancelled" : "error")
            throw error
        }
    }

    /// What was said of an answer that was cancelled; `nil` for nothing. Calls do not count: they would wait for their results for ever.
    private static func interrupted(_ partial: ChatResponse) -> Message? {
        let said = partial.content.filter { $0.choice == 0 && ($0.text?.isEmpty == false || $0.thinking?.isEmpty == false) }
        guard !said.isEmpty else { return nil }
        return Message(role: .assistant, content: .blocks(said), metadata: ["interrupted": true])
    }

    /// Forgets the conversation except its system message, also a prompt that is being answered.
    public func forget() {
        state.withLock { state in
            state.forgotten += 1
            state.context = ConversationContext(system: state.context.system)
            // At once: the session may end before the next answer, and whoever resumes it must not find what was thrown away.
            keep(state.context, number: state.forgotten)
        }
    }

    /// Closes the session: a prompt that is being answered is cancelled, with its tools, and the providers are closed. The log stays open
    /// for whoever opened it.
    ///
    /// May be called more than once and by several tasks. It returns when all has ended, what it had to tell being in the log, or the time
    /// is up: a provider or tool may not listen.
    /// - Parameter limit: how long to wait at most.
    public func close(atMost limit: Duration = .seconds(5)) async {
        let closing = state.withLock { state in
            let closing = state.closing ?? Self.closing(modules.providers.map(\.provider), scope, preparation, keeper, state.turn?.stream)
            state.closing = closing
            return closing
        }
        await closing.wait(atMost: limit)
    }

    private static func closing(
        _ providers: [any Provider], _ scope: TaskScope, _ preparation: ProviderPreparation, _ keeper: ConversationKeeper,
        _ turn: AsyncStream<Void>?
    ) -> Task<Void, Never> {
        Task {
            preparation.cancel()
            scope.close()
            await withTaskGroup { group in
                for provider in providers { group.addTask { await provider.close() } }
            }
            await preparation.end()
            if let turn { for await _ in turn {} }
            await keeper.flush()
        }
    }

    /// Has the conversation written to the session's folder, for whoever resumes it.
    private func keep(_ context: ConversationContext, number: Int, provider: String? = nil, model: String? = nil) {
        keeper.keep(
            ConversationSnapshot(messages: context.transcript, number: number, system: context.system, model: model, provider: provider))
    }

    private func model(of result: TurnResult, _ options: PromptOptions) -> String? {
        let provider = modules.providers.first { $0.name == result.provider }?.provider
        return options.model ?? options.call["model"]?.string ?? provider?.modelInfo?.id
    }

    /// The conversation as it is now.
    var context: ConversationContext { state.withLock { $0.context } }

    /// Begins with a prompt. Returns how often the conversation was forgotten.
    private func begin() throws(HostError) -> Int {
        try state.withLock { state throws(HostError) in
            if state.closing != nil { throw HostError(.notReady, "the session is closed") }
            if state.turn != nil { throw HostError(.notReady, "the session is still answering another prompt") }
            state.turn = AsyncStream.makeStream(of: Void.self)
            return state.forgotten
        }
    }

    private func end(
        _ context: ConversationContext?, unlessForgottenSince forgotten: Int, provider: String?, model: String?
    ) {
        state.withLock { state in
            if let context, state.forgotten == forgotten {
                // The system message may have been changed meanwhile.
                let system = state.context.system
                state.context = context
                if context.system != system { state.context.system = system }
                // First: what closes the session waits for the end of the prompt, and then for what is written.
                keep(state.context, number: forgotten, provider: provider, model: model)
            }
            state.turn?.continuation.finish()
            state.turn = nil
        }
    }

    /// What Amplifier's loops tell of a cancellation. It ends what is under way at once: letting the answer end first is another state there.
    private func tellCancellation(answers: Int) {
        let (loop, count): (JSONValue, JSONValue) = (.string(modules.loop.kind.rawValue), .integer(answers))
        recorder.emit(EventName.cancelRequested, ["orchestrator": loop, "state": "immediate", "turn_count": count])
        recorder.emit(EventName.cancelCompleted, ["orchestrator": loop, "was_immediate": true, "turn_count": count])
    }

    /// How many code points there are, as Python counts characters: the bytes with which one begins.
    private static func length(of text: String) -> Int {
        var text = text
        return text.withUTF8 { $0.reduce(0) { $0 &+ ($1 & 0b1100_0000 == 0b1000_0000 ? 0 : 1) } }
    }

    private func complete(_ text: String, answers: Int, status: String) {
        recorder.emit(
            EventName.promptComplete,
            [
                "response_preview": .string(String(text.prefix(200))), "length": .integer(Self.length(of: text)),
                "status": .string(status),
            ])
        recorder.emit(
            EventName.orchestratorComplete,
            ["orchestrator": .string(modules.loop.kind.rawValue), "turn_count": .integer(answers), "status": .string(status)])
    }
}
