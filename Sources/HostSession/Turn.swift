import JSON
import Locks
import ProviderKit
import SessionLog

/// One prompt's way through a session: asks the provider, runs the tools that it calls, and asks again until it answers.
struct Turn {
    private let modules: MountedModules
    private let scope: TaskScope
    private let recorder: SessionRecorder
    private let options: PromptOptions
    private let onEvent: (TurnEvent) -> Void
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var firstToken: ContinuousClock.Instant?
    /// The provider's answers so far.
    private(set) var responses: [ChatResponse] = []

    /// The conversation, with the prompt and all that was said since.
    private(set) var context: ConversationContext

    init(
        modules: MountedModules, scope: TaskScope, recorder: SessionRecorder, context: ConversationContext, options: PromptOptions,
        onEvent: @escaping (TurnEvent) -> Void
    ) {
        self.modules = modules
        self.scope = scope
        self.recorder = recorder
        self.context = context
        self.options = options
        self.onEvent = onEvent
        start = clock.now
    }

    /// Runs to the end.
    /// - Throws: `ProviderError`, with what had arrived in its `partialResponse`; `HostError`.
    mutating func run() async throws -> TurnResult {
        guard let selected = modules.selected else { throw HostError(.noProvider, "the session has no provider") }
        for iteration in 0..<modules.loop.maxIterations {
            try goOn()
            let response = try await ask(selected, iteration: iteration)
            responses.append(response)
            // Of several answers the conversation goes on with the first: calls of the others are not run.
            let said = response.content.filter { $0.choice == 0 }
            context.add(Message(role: .assistant, content: .blocks(said), metadata: response.metadata))
            let calls = selected.provider.parseToolCalls(response)
            if calls.isEmpty {
                return TurnResult(responses: responses, timeToFirstToken: firstToken.map { $0 - start }, duration: clock.now - start)
            }
            for message in try await run(calls) { context.add(message) }
        }
        throw HostError(
            .tooManyIterations, "the model asked for tools \(modules.loop.maxIterations) times without an answer",
            hint: "raise max_iterations of the orchestrator")
    }

    private mutating func ask(_ selected: MountedModules.NamedProvider, iteration: Int) async throws(ProviderError) -> ChatResponse {
        // One name for the call in the host's events and the provider's.
        let requestID = SessionID.random()
        recorder.emit(
            EventName.providerRequest,
            ["provider": .string(selected.name), "iteration": .integer(iteration), "request_id": .string(requestID)])
        var request = options.request(context.messages, tools: modules.tools.values.map(\.spec), isFirst: iteration == 0)
        request.metadata = ["request_id": .string(requestID)]
        do throws(ProviderError) {
            let response = try await read(selected.provider.stream(request, options: options.call))
            var data: JSONObject = [
                "provider": .string(selected.name), "tool_calls": .bool(response.toolCalls != nil), "request_id": .string(requestID),
            ]
            data["usage"] = response.usage?.json
            recorder.emit(EventName.providerResponse, data)
            return response
        } catch {
            var data: JSONObject = ["provider": .string(selected.name), "status": error.code == .cancelled ? "cancelled" : "error"]
            data["error"] = ["type": .string(error.code.className), "msg": .string(error.message)]
            data["request_id"] = .string(requestID)
            data["retryable"] = .bool(error.isRetryable)
            data["status_code"] = error.status.map { .integer($0) }
            recorder.emit(EventName.providerError, data)
            throw error
        }
    }

    private mutating func read(_ stream: ResponseStream) async throws(ProviderError) -> ChatResponse {
        var iterator = stream.makeAsyncIterator()
        var gatherer = ResponseGatherer()
        var held: [ProviderEvent] = []
        while let batch = try await iterator.nextBatch() {
            for event in batch {
                gatherer.add(event)
                if firstToken == nil, case .blockStarted = event { firstToken = clock.now }
            }
            switch modules.loop.kind {
            case .streaming: for event in batch { onEvent(.answer(event)) }
            case .basic: held += batch
            }
        }
        for event in held { onEvent(.answer(event)) }
        return gatherer.response
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
            data[result.hasFailed ? "error" : "result"] = result.output
            recorder.emit(result.hasFailed ? EventName.toolError : EventName.toolPost, data)
            onEvent(.toolFinished(call, output: result.output, hasFailed: result.hasFailed))
            return Message(role: .tool, content: MessageContent(toolOutput: result.output), name: call.name, toolCallID: call.id)
        }
        try goOn()
        return messages
    }
}
