import JSON
import ProviderKit
import Testing

@Suite("An answer as a stream")
struct ResponseStreamTests {
    /// A sequence with a typed failure, as a second provider would write one.
    private struct Script: AsyncSequence, AsyncIteratorProtocol, Sendable {
        typealias Element = ProviderEvent
        typealias Failure = ProviderError
        var events: [ProviderEvent]

        func makeAsyncIterator() -> Script { self }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(ProviderError) -> ProviderEvent? {
            events.isEmpty ? nil : events.removeFirst()
        }

        mutating func next() async throws(ProviderError) -> ProviderEvent? { try await next(isolation: nil) }
    }

    private static let call = ToolCallBlock(id: "c1", name: "f", input: ["a": 1])
    private static let batches: [[ProviderEvent]] = [
        [.started(ResponseStart(id: "r", model: "m"))],
        [.blockStarted(BlockStart(index: 0, kind: .thinking)), .blockDelta(index: 0, text: "h")],
        [.blockDelta(index: 0, text: "m"), .blockEnded(index: 0, block: .thinking(ThinkingBlock("hm")))],
        [.blockStarted(BlockStart(index: 1, kind: .text)), .blockDelta(index: 1, text: "4")],
        [.blockEnded(index: 1, block: .text(TextBlock("4"))), .logprobs([TokenLogprob(token: "4", logprob: -0.1)])],
        [
            .blockStarted(BlockStart(index: 2, kind: .toolCall(id: "c1", name: "f"))), .blockDelta(index: 2, text: "{\"a\":1}"),
            .blockEnded(index: 2, block: .toolCall(call)),
        ],
        [.usage(Usage(inputTokens: 3, outputTokens: 2)), .finished(ResponseFinish(reason: "tool_calls", metadata: ["k": 1]))],
    ]

    private static let answer = batches.flatMap { $0 }

    @Test("gathered, a stream is the answer with blocks, calls, usage, log-probabilities and finish reason")
    func gather() async throws {
        let response = try await ResponseStream(Self.answer).gather()
        #expect(response.content == [.thinking(ThinkingBlock("hm")), .text(TextBlock("4")), .toolCall(Self.call)])
        #expect(response.toolCalls == [ToolCall(id: "c1", name: "f", arguments: ["a": 1])])
        #expect(response.usage == Usage(inputTokens: 3, outputTokens: 2))
        #expect(response.finishReason == "tool_calls")
        #expect(response.metadata == ["k": 1])
        #expect(response.logprobs?.map(\.token) == ["4"])
    }

    @Test("token ids are joined choice by choice, however they come, and prompt tokens kept")
    func tokens() async throws {
        let events: [ProviderEvent] = [
            .promptTokens(PromptTokens(ids: [7, 8])), .promptTokens(PromptTokens(logprobs: [nil, TokenLogprob(token: "b", logprob: -1)])),
            .tokenIDs(choice: 2, ids: [1]), .tokenIDs(choice: 0, ids: [2]), .tokenIDs(choice: 2, ids: [3, 4]),
            .tokenIDs(choice: -1, ids: [5]), .tokenIDs(choice: .max, ids: [6]), .finished(ResponseFinish(reason: "stop")),
        ]
        let response = try await ResponseStream(events).gather()
        #expect(response.promptTokenIDs == [7, 8])
        #expect(response.promptLogprobs == [nil, TokenLogprob(token: "b", logprob: -1)])
        #expect(response.tokenIDs == [[2], [], [1, 3, 4]])
    }

    @Test("tokens name their blocks by the place in the content, also behind a call that was cut, and come choice by choice")
    func blockIndices() async throws {
        func token(_ text: String, block: Int?, choice: Int) -> TokenLogprob {
            var token = TokenLogprob(token: text, logprob: -1, choice: choice)
            (token.blockIndex, token.textOffset) = (block, block.map { _ in 0 })
            return token
        }
        let events: [ProviderEvent] = [
            .blockStarted(BlockStart(index: 0, kind: .toolCall(id: "c", name: "f"), choice: 1)), .blockDelta(index: 0, text: "{"),
            .blockStarted(BlockStart(index: 1, kind: .text)), .blockDelta(index: 1, text: "a"),
            .blockEnded(index: 1, block: .text(TextBlock("a"))),
            .logprobs([token("{", block: 0, choice: 1), token("a", block: 1, choice: 0), token("x", block: 9, choice: 0)]),
            .finished(ResponseFinish(reason: "length")),
        ]
        let response = try await ResponseStream(events).gather()
        #expect(response.content == [.text(TextBlock("a"))])
        #expect(
            response.logprobs == [token("a", block: 0, choice: 0), token("x", block: nil, choice: 0), token("{", block: nil, choice: 1)])
    }

    @Test("event by event and batch by batch give the same events, whatever was read before")
    func iteration() async throws {
        var single: [ProviderEvent] = []
        for try await event in ResponseStream(Self.answer) { single.append(event) }
        #expect(single == Self.answer)

        var iterator = ResponseStream(Self.answer).makeAsyncIterator()
        var mixed: [ProviderEvent] = []
        while let event = try await iterator.next() {
            mixed.append(event)
            if let batch = try await iterator.nextBatch() { mixed += batch }
        }
        #expect(mixed == single)
    }

    @Test("any sequence of events makes a stream")
    func sequence() async throws {
        let stream = ResponseStream(Script(events: Self.answer))
        #expect(try await stream.gather() == ResponseStream(Self.answer).gather())
    }

    @Test("a stream that fails throws its error")
    func failure() async throws {
        let stream = ResponseStream(Array(Self.answer.prefix(4)), failure: ProviderError(.stream, "cut"))
        let error = await #expect(throws: ProviderError.self) { try await stream.gather() }
        #expect(error?.code == .stream)
        #expect(error?.isRetryable == true)
    }

    @Test("what has arrived of an answer is kept, an unfinished tool call as its text")
    func partial() {
        var gatherer = ResponseGatherer()
        gatherer.add(.blockStarted(BlockStart(index: 0, kind: .text)))
        gatherer.add(.blockDelta(index: 0, text: "Half an "))
        gatherer.add(.blockDelta(index: 0, text: "ans"))
        gatherer.add(.blockStarted(BlockStart(index: 1, kind: .toolCall(id: "c", name: "f"))))
        gatherer.add(.blockDelta(index: 1, text: "{\"a\":"))
        let response = gatherer.response
        #expect(response.text == "Half an ans")
        #expect(response.toolCalls == nil)
        #expect(response.metadata?["incomplete_tool_calls"] == [["id": "c", "name": "f", "raw_arguments": "{\"a\":"]])
    }
}
