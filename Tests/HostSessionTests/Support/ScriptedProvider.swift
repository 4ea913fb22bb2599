import JSON
import Locks
import ProviderKit

/// A provider that answers from a script, and keeps what it was asked.
final class ScriptedProvider: Provider {
    /// One answer.
    struct Answer: Sendable {
        var events: [ProviderEvent]
        var failure: ProviderError?
        /// Waits for the task to be cancelled behind the events.
        var waits = false
    }

    private struct State {
        var answers: ArraySlice<Answer>
        var requests: [ChatRequest] = []
        var options: [JSONObject] = []
        var preparations = 0
        var closings = 0
        var closingHold: AsyncStream<Void>?
    }

    let name: String
    let priority: Int
    private let contextWindow: Int?
    private let executor: (any TaskExecutor)?
    private let state: Guarded<State>

    /// - Parameters:
    ///   - contextWindow: what is known of its model once it has been prepared.
    ///   - executor: where its answers arrive.
    init(
        _ answers: [Answer], name: String = "scripted", priority: Int = 100, contextWindow: Int? = nil, executor: (any TaskExecutor)? = nil
    ) {
        self.name = name
        self.priority = priority
        self.contextWindow = contextWindow
        self.executor = executor
        state = Guarded(State(answers: answers[...]))
    }

    var info: ProviderInfo { ProviderInfo(id: name, displayName: name) }
    /// What it was asked, in order.
    var requests: [ChatRequest] { state.withLock { $0.requests } }
    /// The options of the calls, in order.
    var options: [JSONObject] { state.withLock { $0.options } }
    /// How often it was prepared.
    var preparations: Int { state.withLock { $0.preparations } }
    /// How often it was closed.
    var closings: Int { state.withLock { $0.closings } }

    var modelInfo: ModelInfo? {
        guard let contextWindow, preparations > 0 else { return nil }
        return ModelInfo(id: name, displayName: name, contextWindow: contextWindow, maxOutputTokens: contextWindow)
    }

    func prepare() async { state.withLock { $0.preparations += 1 } }

    func listModels() async throws(ProviderError) -> [ModelInfo] { [] }

    func stream(_ request: ChatRequest, options: JSONObject) -> ResponseStream {
        let answer = state.withLock { state in
            state.requests.append(request)
            state.options.append(options)
            return state.answers.popFirst() ?? Answer(events: [], failure: ProviderError(.other, "the script has no more answers"))
        }
        return ResponseStream(ScriptedSource(answer, executor: executor))
    }

    func close() async {
        let hold = state.withLock { state in
            state.closings += 1
            return state.closingHold
        }
        // Uncancelled.
        if let hold { await Task { for await _ in hold {} }.value }
    }

    /// Lets closing wait until `stream` ends.
    func holdClosing(until stream: AsyncStream<Void>) { state.withLock { $0.closingHold = stream } }
}

/// Gives out an answer event by event.
private final class ScriptedSource: ResponseSource {
    private let answer: ScriptedProvider.Answer
    private let position = Guarded(0)
    private let gathered = Guarded(ResponseGatherer())
    let executor: (any TaskExecutor)?

    init(_ answer: ScriptedProvider.Answer, executor: (any TaskExecutor)?) {
        self.answer = answer
        self.executor = executor
    }

    func next() async throws(ProviderError) -> [ProviderEvent]? {
        let index = position.withLock { position in
            defer { position += 1 }
            return position
        }
        if index < answer.events.count {
            gathered.withLock { $0.add(answer.events[index]) }
            return [answer.events[index]]
        }
        var failure = answer.failure
        if answer.waits {
            let (never, continuation) = AsyncStream.makeStream(of: Void.self)
            for await _ in never {}
            continuation.finish()
            failure = ProviderError(.cancelled, "the call was cancelled")
        }
        guard var failure else { return nil }
        failure.partialResponse = gathered.withLock { $0.hasContent ? $0.response : nil }
        throw failure
    }
}

extension ScriptedProvider.Answer {
    /// An answer of blocks.
    init(_ blocks: [ContentBlock], finishReason: String = "stop") {
        self.init(events: Self.events(blocks))
        events += [.usage(Usage(inputTokens: 10, outputTokens: 5)), .finished(ResponseFinish(reason: finishReason))]
    }

    /// An answer of text.
    static func text(_ text: String) -> Self { Self([.text(TextBlock(text))]) }

    /// An answer that calls tools.
    static func calls(_ calls: [ToolCall]) -> Self {
        Self(calls.map { .toolCall(ToolCallBlock(id: $0.id, name: $0.name, input: $0.arguments)) }, finishReason: "tool_calls")
    }

    /// An answer that breaks off behind some blocks.
    static func broken(_ blocks: [ContentBlock] = [], _ failure: ProviderError) -> Self {
        Self(events: events(blocks), failure: failure)
    }

    /// An answer that waits behind some blocks until its task is cancelled.
    static func waiting(_ blocks: [ContentBlock]) -> Self { Self(events: events(blocks), waits: true) }

    private static func events(_ blocks: [ContentBlock]) -> [ProviderEvent] {
        [.started(ResponseStart(id: "r", model: "m"))]
            + blocks.enumerated().flatMap { index, block -> [ProviderEvent] in
                let kind: BlockStart.Kind =
                    block.toolCall.map { .toolCall(id: $0.id, name: $0.name) } ?? (block.thinking == nil ? .text : .thinking)
                let delta = block.text ?? block.thinking ?? "{}"
                return [
                    .blockStarted(BlockStart(index: index, kind: kind)), .blockDelta(index: index, text: delta),
                    .blockEnded(index: index, block: block),
                ]
            }
    }
}
