import Configuration
import HTTPTransport
import JSON
import Measuring
import ProviderKit
import VLLMProvider

/// Measures the provider without a host: `bench-provider stream url=… model=mock-coal streams=64 tokens=100000`.
@main
struct Main {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "stream": try await stream(StreamRun(Settings(arguments.dropFirst(), known: StreamRun.settings)))
        default: stop("usage: bench-provider stream name=value…")
        }
    }

    private static func stream(_ run: StreamRun) async throws {
        let transport = CurlTransport()
        let provider = try provider(run, transport)
        let readsStamps = run.model.hasPrefix("mock-tick")
        try await run.run(on: transport.executor) { tokens in
            var request = ChatRequest(messages: [.user("Go.")])
            request.maxOutputTokens = tokens
            var tally = StreamTally(readsStamps: readsStamps)
            var iterator = provider.stream(request).makeAsyncIterator()
            while let batch = try await iterator.nextBatch() {
                for event in batch {
                    switch event {
                    case .blockDelta(_, let text): tally.add(text)
                    case .logprobs(let tokens): for token in tokens { tally.logprobs += 1 + token.topLogprobs.count }
                    default: break
                    }
                }
            }
            return tally
        }
        await provider.close()
    }

    private static func provider(_ run: StreamRun, _ transport: CurlTransport) throws -> VLLMProvider {
        var settings: JSONObject = [
            "base_url": .string(run.url), "use_completions": false, "default_model": .string(run.model), "max_retries": 0,
            "context_window": 10_000_000, "max_output_tokens": 9_000_000,
        ]
        if run.logprobs { settings["logprobs"] = 5 }
        let configuration = ConfigurationNode(json: .object(settings), origin: .default)
        return try VLLMProvider(configuration: configuration, transport: transport, context: ProviderContext())
    }
}
