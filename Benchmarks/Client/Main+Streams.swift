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

    // A request of its own function: one that waits keeps what it has made as long as it reads.
    @inline(never)
    private static func chat(_ run: StreamRun, _ client: VLLMClient, tokens: Int) async throws -> ChatCompletionStream {
        var request = run.conversation.chatRequest(model: run.model)
        request.sampling.maxTokens = tokens
        if run.logprobs { (request.logprobs, request.topLogprobs) = (true, 5) }
        return try await client.streamChatCompletion(request)
    }

    private static func readChat(_ run: StreamRun, _ client: VLLMClient, _ tally: StreamTally) async throws {
        var iterator = try await chat(run, client, tokens: tally.tokens).makeAsyncIterator()
        while let batch = try await iterator.nextBatch() {
            for chunk in batch {
                guard let choice = chunk.choices.first else { continue }
                if let text = choice.delta.content, !text.isEmpty { tally.add(text) }
                for token in choice.logprobs?.tokens ?? [] { tally.logprobs += 1 + token.top.count }
            }
        }
    }

    @inline(never)
    private static func completion(_ run: StreamRun, _ client: VLLMClient, tokens: Int) async throws -> CompletionStream {
        var request = run.conversation.completionRequest(model: run.model)
        request.sampling.maxTokens = tokens
        if run.logprobs { request.logprobs = 5 }
        return try await client.streamCompletion(request)
    }

    private static func readCompletion(_ run: StreamRun, _ client: VLLMClient, _ tally: StreamTally) async throws {
        var iterator = try await completion(run, client, tokens: tally.tokens).makeAsyncIterator()
        while let batch = try await iterator.nextBatch() {
            for chunk in batch {
                guard let choice = chunk.choices.first else { continue }
                if !choice.text.isEmpty { tally.add(choice.text) }
                for token in choice.logprobs?.tokens ?? [] { tally.logprobs += 1 + token.top.count }
            }
        }
    }
}
