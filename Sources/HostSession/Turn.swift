import JSON
import Locks
import ProviderKit

/// One prompt's way through a session: asks the provider, runs the tools that it calls, and asks again until it answers.
struct Turn {
    private let modules: MountedModules
    private let selection: Guarded<ProviderSelection>
    private let preparation: ProviderPreparation
    private let scope: TaskScope
    private let recorder: SessionRecorder
    private let options: PromptOptions
    private let onEvent: (TurnEvent) -> Void
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var reader: AnswerReader
    /// Those that may be asked: the first one is; a prompt goes from one to the next, and not back.
    private var candidates: [MountedProvider]
    /// Somebody had chosen the provider when the prompt was put, whatever is chosen meanwhile.
    private let isChosen: Bool
    /// The providers' answers so far.
    private(set) var responses: [ChatResponse] = []

    /// The conversation, with the prompt and all that was said since.
    private(set) var context: ConversationContext

    init(
        _ session: HostSession, scope: TaskScope, _ prompt: Message, options: PromptOptions,
        onEvent: @escaping (TurnEvent) -> Void
    ) {
        modules = session.modules
        selection = session.selection
        preparation = session.preparation
        recorder = session.recorder
        self.scope = scope
        context = session.context
        context.add(prompt)
        self.options = options
        self.onEvent = onEvent
        reader = AnswerReader(loop: modules.loop.kind, readsOnArrivalThread: options.readsOnArrivalThread, onEvent: onEvent)
        let now = clock.now
        start = now
        let (names, chosen) = session.selection.withLock { ($0.candidates(now: now), $0.chosen) }
        isChosen = chosen != nil
        candidates = names.compactMap { name in session.providers.first { $0.name == name } }
    }

    /// Runs to the end.
    /// - Throws: `ProviderError`, with what had arrived in its `partialResponse`; `HostError`.
    mutating func run() async throws -> TurnResult {
        for iteration in 0..<modules.loop.maxIterations {
            try goOn()
            let (mounted, response) = try await ask(iteration)
            responses.append(response)
            // Of several answers the conversation goes on with the first: calls of the others are not run.
            let said = response.content.filter { $0.choice == 0 }
            context.add(Message(role: .assistant, content: .blocks(said), metadata: response.metadata))
            let calls = mounted.provider.parseToolCalls(response)
            if calls.isEmpty {
                return TurnResult(
                    responses: responses, provider: mounted.name, timeToFirstToken: reader.firstToken.map { $0 - start },
                    duration: clock.now - start)
            }
            for message in try await run(calls) { context.add(message) }
        }
        throw HostError(
            .tooManyIterations, "the model asked for tools \(modules.loop.maxIterations) times without an answer",
            hint: "raise max_iterations of the orchestrator")
    }

    /// Asks the first candidate, and while one fails in a way that allows it, the next one.
    private mutating func ask(_ iteration: Int) async throws(ProviderError) -> (MountedProvider, ChatResponse) {
        var failures: [(provider: String, error: ProviderError)] = []
        while let mounted = candidates.first {
            do throws(ProviderError) { return (mounted, try await ask(mounted, iteration, behind: failures.last?.error)) } catch {
                failures.append((mounted.name, error))
                candidates.removeFirst()
                guard await dropsUnfit(behind: error, of: mounted) else { break }
            }
        }
        throw .ofAll(failures)
    }

    /// Drops the candidates that cannot take the place of one that has failed.
    /// - Returns: whether the first one that is left is to be asked.
    private mutating func dropsUnfit(behind error: ProviderError, of failed: MountedProvider) async -> Bool {
        guard !reader.hasShown else { return false }
        switch error.failover {
        case .none: return false
        case .next: return true
        case .largerContextWindow:
            // Of a model that was named for the prompt, nothing is known beforehand.
            let window = error.details["context_window"]?.int ?? failed.provider.modelInfo?.contextWindow
            guard let window, window > 0, options.model == nil else { return false }
            while let next = candidates.first {
                await preparation.wait(for: next)
                if let info = next.provider.modelInfo, info.contextWindow > window { return true }
                candidates.removeFirst()
            }
            return false
        }
    }

    /// Asks a provider, the first one or in the place of one that has just failed.
    private mutating func ask(
        _ mounted: MountedProvider, _ iteration: Int, behind failure: ProviderError?
    ) async throws(ProviderError) -> ChatResponse {
        await preparation.waitOnce(for: mounted)
        try goOn()
        // One name for the call in the host's events and the provider's.
        let requestID = SessionID.random()
        var data = mounted.eventData
        data["request_id"] = .string(requestID)
        let failure = failure.map(ProviderSelection.Failure.init)
        if let change = selection.withLock({ $0.asks(mounted.name, behind: failure, isChosen: isChosen) }) {
            var resolved = data
            resolved.merge(change.eventData)
            recorder.emit(EventName.providerResolve, resolved)
        }
        var asked = data
        asked["iteration"] = .integer(iteration)
        recorder.emit(EventName.providerRequest, asked)
        var request = options.request(context.messages, tools: modules.tools.values.map(\.spec), isFirst: iteration == 0)
        request.metadata = ["request_id": .string(requestID)]
        do throws(ProviderError) {
            let response = try await reader.read(mounted.provider.stream(request, options: options.call))
            selection.withLock { $0.answered(mounted.name) }
            data["tool_calls"] = .bool(response.toolCalls != nil)
            data["usage"] = response.usage?.json
            recorder.emit(EventName.providerResponse, data)
            recorder.tellBlocks(of: response, from: mounted)
            return response
        } catch {
            note(error, of: mounted)
            data["status"] = error.code == .cancelled ? "cancelled" : "error"
            data["error"] = ["type": .string(error.code.className), "msg": .string(error.message)]
            data["retryable"] = .bool(error.isRetryable)
            data["status_code"] = error.status.map { .integer($0) }
            recorder.emit(EventName.providerError, data)
            throw error
        }
    }

    /// Leaves a provider alone for a while that has failed, unless it is the prompt's fault.
    private func note(_ error: ProviderError, of mounted: MountedProvider) {
        guard error.failover != .none else { return }
        let lacksNamedModel = error.code == .notFound && options.model != nil
        let (failure, now) = (ProviderSelection.Failure(error), clock.now)
        selection.withLock {
            $0.failed(mounted.name, failure, isOfPrompt: error.failover != .next || lacksNamedModel, now: now)
        }
    }

    /// Whether anybody still wants the answer.
    private func goOn() throws(ProviderError) {
        if scope.isClosed { throw Self.closed }
        if Task.isCancelled { throw ProviderError(.cancelled, "the call was cancelled") }
    }

    private static let closed = ProviderError(.cancelled, "the session was closed")

    /// Runs the calls of one answer side by side; the results are in the calls' order. What became of each is told also where nobody wants
    /// the answer any more.
    private func run(_ calls: [ToolCall]) async throws(ProviderError) -> [Message] {
        try goOn()
        let group = AnyTools.newGroupID()
        for call in calls {
            onEvent(.toolStarted(call))
            recorder.emit(EventName.toolPre, AnyTools.data(of: call, group: group))
        }
        let tools = AnyTools(tools: modules.tools)
        let results = try await scope.run(orThrow: Self.closed) { () throws(ProviderError) in await tools.run(calls) }
        let messages = zip(calls, results).map { call, result in
            var data = AnyTools.data(of: call, group: group)
            if result.hasFailed {
                // Amplifier's loops say in `tool:pre` alone what it was asked.
                data["tool_input"] = nil
                data["error"] = result.eventError
            } else {
                data["result"] = result.output
            }
            recorder.emit(result.hasFailed ? EventName.toolError : EventName.toolPost, data)
            onEvent(.toolFinished(call, output: result.output, hasFailed: result.hasFailed))
            return Message(role: .tool, content: MessageContent(toolOutput: result.output), name: call.name, toolCallID: call.id)
        }
        try goOn()
        return messages
    }
}
