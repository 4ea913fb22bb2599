import JSON
import ProviderKit
import Testing

@Suite("An answer as a stream")
struct ResponseStreamTests {
    private final class Script: ResponseSource {
        private let batches: [[ProviderEvent]]
        private let failure: ProviderError?
        private let position = Position()

        private actor Position {
            var value = 0
            func advance() -> Int {
                defer { value += 1 }
                return value
            }
        }

        init(_ batches: [[ProviderEvent]], failure: ProviderError? = nil) {
            self.batches = batches
            self.failure = failure
        }

        func next() async throws(ProviderError) -> [ProviderEvent]? {
            let index = await position.advance()
            if index < batches.count { return batches[index] }
            if let failure { throw failure }
            return nil
        }
    }

    private static let call = ToolCallBlock(id: "c1", name: "f", input: ["a": 1])
    private static let answer: [[ProviderEvent]] = [
        [.started(ResponseStart(id: "r", model: "m"))], [],
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

    @Test("gathered, a stream is the answer with blocks, calls, usage, log-probabilities and finish reason")
    func gather() async throws {
        let response = try await ResponseStream(Script(Self.answer)).gather()
        #expect(response.content == [.thinking(ThinkingBlock("hm")), .text(TextBlock("4")), .toolCall(Self.call)])
        #expect(response.toolCalls == [ToolCall(id: "c1", name: "f", arguments: ["a": 1])])
        #expect(response.usage == Usage(inputTokens: 3, outputTokens: 2))
        #expect(response.finishReason == "tool_calls")
        #expect(response.metadata == ["k": 1])
        #expect(response.logprobs?.map(\.token) == ["4"])
    }

    @Test("event by event and batch by batch give the same events, whatever was read before")
    func iteration() async throws {
        var single: [ProviderEvent] = []
        for try await event in ResponseStream(Script(Self.answer)) { single.append(event) }
        #expect(single == Self.answer.flatMap { $0 })

        var iterator = ResponseStream(Script(Self.answer)).makeAsyncIterator()
        var mixed: [ProviderEvent] = []
        while let event = try await iterator.next() {
            mixed.append(event)
            if let batch = try await iterator.nextBatch() { mixed += batch }
        }
        #expect(mixed == single)
    }

    @Test("a stream that fails throws its error")
    func failure() async throws {
        let stream = ResponseStream(Script(Array(Self.answer.prefix(4)), failure: ProviderError(.stream, "cut")))
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
