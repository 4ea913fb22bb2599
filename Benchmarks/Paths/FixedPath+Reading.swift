import HTTPTransport
import JSON
import Measuring
import VLLMClient

extension FixedPath {
    /// Bytes to server-sent events.
    static func decodeEvents(_ answer: ServerBytes) throws {
        var decoder = ServerSentEventDecoder()
        var events = 0
        for batch in answer.batches {
            decoder.receive(batch)
            while let event = try decoder.next() { events += event.data.isEmpty ? 0 : 1 }
        }
        expect(events, answer.count + 4, "events")
    }

    /// Bytes to chunks.
    static func readChunks(_ answer: ServerBytes) async throws {
        let request = ChatCompletionRequest(messages: [["role": "user", "content": "Go."]])
        var iterator = try await FixedServer(answer.exchange).client().streamChatCompletion(request).makeAsyncIterator()
        var (tokens, logprobs) = (0, 0)
        while let batch = try await iterator.nextBatch() {
            for chunk in batch {
                guard let choice = chunk.choices.first, let text = choice.delta.content, !text.isEmpty else { continue }
                tokens += 1
                for token in choice.logprobs?.tokens ?? [] { logprobs += 1 + token.top.count }
            }
        }
        expect(tokens, answer.count + 1, "tokens")
        expect(logprobs, answer.kind == .logprobs ? answer.count * 6 : 0, "log-probabilities")
    }

    /// Ends the program where something else was done than was to be counted.
    static func expect(_ count: Int, _ expected: Int, _ what: String) {
        guard count == expected else { stop("\(count) \(what) in place of \(expected)") }
    }
}
