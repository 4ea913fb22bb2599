public import Configuration
import JSON
import Locks
public import ProviderKit

/// A conversation with a model, run by the modules of a mount plan, with everything that happens in its event log.
public final class HostSession: Sendable {
    private struct State {
        var context: ConversationContext
        var isBusy = false
        var isClosed = false
    }

    /// Where the session's events go.
    public let recorder: SessionRecorder
    private let modules: MountedModules
    private let state: Guarded<State>

    /// Mounts a plan's modules.
    /// - Parameters:
    ///   - plan: what to mount.
    ///   - registry: the modules that there are.
    ///   - recorder: the session's log, open already, so that it tells what goes wrong here.
    ///   - environment: the environment variables that modules may read.
    ///   - tools: tools to offer besides those of the plan.
    ///   - system: the system message that the conversation begins with.
    /// - Throws: `HostError`, `ConfigurationError`, or what a module's mount function throws; each is in the log, too.
    public init(
        plan: MountPlan, registry: ModuleRegistry, recorder: SessionRecorder, environment: [String: String] = [:],
        tools: [any HostTool] = [], system: String? = nil
    ) throws {
        self.recorder = recorder
        recorder.exclude(SessionLogHook.filter(plan))
        modules = try MountedModules(plan, registry: registry, recorder: recorder, environment: environment, tools: tools)
        state = Guarded(State(context: ConversationContext(system: system)))
    }

    /// The session's id.
    public var id: String { recorder.sessionID }

    /// The provider that answers.
    public var provider: (any Provider)? { modules.selected?.provider }

    /// The conversation so far.
    public var messages: [Message] { state.withLock { $0.context.messages } }

    /// Answers a prompt.
    ///
    /// A prompt that fails leaves the conversation as it was before. One that is cancelled keeps what had been answered, if anything.
    /// - Parameters:
    ///   - prompt: what the user says.
    ///   - options: how it is to be answered.
    ///   - onEvent: is told what happens, in order, on the caller's task.
    /// - Throws: `ProviderError`, with what had arrived in its `partialResponse`; `HostError`.
    public func execute(
        _ prompt: String, options: PromptOptions = PromptOptions(), onEvent: @escaping (TurnEvent) -> Void = { _ in }
    ) async throws -> TurnResult {
        var context = try begin()
        let before = context
        defer { end(context) }
        recorder.emit(EventName.promptSubmit, ["prompt": .string(prompt)])
        context.add(.user(prompt))
        var turn = Turn(modules: modules, recorder: recorder, context: context, options: options, onEvent: onEvent)
        do {
            let result = try await turn.run()
            context = turn.context
            complete(result.response.text, turns: result.responses.count, status: "success")
            return result
        } catch {
            context = before
            let cancelled = (error as? ProviderError)?.code == .cancelled
            if cancelled, let partial = (error as? ProviderError)?.partialResponse {
                context = turn.context
                context.add(Message(role: .assistant, content: .blocks(partial.content), metadata: ["interrupted": true]))
            }
            let partial = (error as? ProviderError)?.partialResponse?.text ?? ""
            complete(partial, turns: turn.context.messages.count - before.messages.count, status: cancelled ? "cancelled" : "error")
            throw error
        }
    }

    /// Forgets the conversation except its system message.
    public func forget() {
        state.withLock { state in
            let system = state.context.messages.first { $0.role == .system }
            state.context = ConversationContext(system: system?.content.plainText)
        }
    }

    /// Closes the providers; the log stays open for whoever opened it. May be called more than once.
    public func close() async {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        for named in modules.providers { await named.provider.close() }
    }

    private func begin() throws(HostError) -> ConversationContext {
        try state.withLock { state throws(HostError) in
            if state.isClosed { throw HostError(.notReady, "the session is closed") }
            if state.isBusy { throw HostError(.notReady, "the session is still answering another prompt") }
            state.isBusy = true
            return state.context
        }
    }

    private func end(_ context: ConversationContext) {
        state.withLock { state in
            state.context = context
            state.isBusy = false
        }
    }

    private func complete(_ text: String, turns: Int, status: String) {
        recorder.emit(
            EventName.orchestratorComplete,
            ["orchestrator": .string(modules.loop.kind.rawValue), "turn_count": .integer(turns), "status": .string(status)])
        recorder.emit(
            EventName.promptComplete,
            ["response_preview": .string(String(text.prefix(200))), "length": .integer(text.count), "status": .string(status)])
    }
}
