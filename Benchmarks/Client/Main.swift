import HTTPTransport
import JSON
import Measuring
import VLLMClient

/// Measures the client by itself: `bench-client stream url=… model=mock-coal streams=64 tokens=100000 executor=engine`.
@main
struct Main {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "stream": try await stream(StreamRun(Settings(arguments.dropFirst(), known: StreamRun.settings)))
        default: stop("usage: bench-client stream name=value…")
        }
    }

    private static func stream(_ run: StreamRun) async throws {
        let transport = CurlTransport()
        let client = VLLMClient(baseURL: try BaseURL(run.url), transport: transport)
        let readsStamps = run.model.hasPrefix("mock-tick")
        try await run.run(on: transport.executor) { tokens in
            var request = ChatCompletionRequest(model: run.model, messages: [["role": "user", "content": "Go."]])
            request.sampling.maxTokens = tokens
            if run.logprobs { (request.logprobs, request.topLogprobs) = (true, 5) }
            var tally = StreamTally(readsStamps: readsStamps)
            var iterator = try await client.streamChatCompletion(request).makeAsyncIterator()
            while let batch = try await iterator.nextBatch() {
                for chunk in batch {
                    guard let choice = chunk.choices.first else { continue }
                    if let text = choice.delta.content, !text.isEmpty { tally.add(text) }
                    for token in choice.logprobs?.tokens ?? [] { tally.logprobs += 1 + token.top.count }
                }
            }
            return tally
        }
    }
}
