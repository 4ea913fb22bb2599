import JSON
import ProviderKit
import VLLMProvider

extension FixedPath {
    /// Bytes to the provider's events.
    static func assemble(_ answer: ServerBytes) async throws {
        let provider = try FixedServer(answer.exchange).provider([
            "use_completions": .bool(answer.kind == .completion), "logprobs": answer.kind == .logprobs ? 5 : .null,
        ])
        var request = ChatRequest(messages: [.user("Go.")])
        request.maxOutputTokens = answer.count + 1
        if answer.kind == .toolCall { request.tools = [ToolSpec(name: "add", parameters: ["type": "object"])] }
        var (bytes, logprobs, ends) = (0, 0, 0)
        var iterator = provider.stream(request).makeAsyncIterator()
        while let batch = try await iterator.nextBatch() {
            for event in batch {
                switch event {
                case .blockDelta(_, let text): bytes += text.utf8.count
                case .logprobs(let tokens): for token in tokens { logprobs += 1 + token.topLogprobs.count }
                case .finished: ends += 1
                default: break
                }
            }
        }
        await provider.close()
        expect(bytes >= answer.count ? 1 : 0, 1, "texts of enough bytes")
        expect(logprobs, answer.kind == .logprobs ? answer.count * 6 : 0, "log-probabilities")
        expect(ends, 1, "ends")
    }
}
