import HTTPTransport
import Measuring
import VLLMClient

extension Main {
    /// Streams answers.
    static func stream(_ run: StreamRun) async throws {
        let transport = CurlTransport()
        let client = VLLMClient(baseURL: try BaseURL(run.url), transport: transport)
        try await run.run(on: transport.executor) { tally in
            if run.isCompletion { try await readCompletion(run, client, tally) } else { try await readChat(run, client, tally) }
        }
    }

    private static func readChat(_ run: StreamRun, _ client: VLLMClient, _ tally: StreamTally) async throws {
        var request = run.conversation.chatRequest(model: run.model)
        request.sampling.maxTokens = tally.tokens
        if run.logprobs { (request.logprobs, request.topLogprobs) = (true, 5) }
        var iterator = try await client.streamChatCompletion(request).makeAsyncIterator()
        while let batch = try await iterator.nextBatch() {
            for chunk in batch {
                guard let choice = chunk.choices.first else { continue }
                if let text = choice.delta.content, !text.isEmpty { tally.add(text) }
                for token in choice.logprobs?.tokens ?? [] { tally.logprobs += 1 + token.top.count }
            }
        }
    }

    private static func readCompletion(_ run: StreamRun, _ client: VLLMClient, _ tally: StreamTally) async throws {
        var request = run.conversation.completionRequest(model: run.model)
        request.sampling.maxTokens = tally.tokens
        if run.logprobs { request.logprobs = 5 }
        var iterator = try await client.streamCompletion(request).makeAsyncIterator()
        while let batch = try await iterator.nextBatch() {
            for chunk in batch {
                guard let choice = chunk.choices.first else { continue }
                if !choice.text.isEmpty { tally.add(choice.text) }
                for token in choice.logprobs?.tokens ?? [] { tally.logprobs += 1 + token.top.count }
            }
        }
    }
}
