import Configuration
import HTTPTransport
import JSON
import Measuring
import ProviderKit
import VLLMProvider

/// Measures the provider without a host: `bench-provider stream url=… model=mock-coal streams=64 tokens=100000`.
@main
struct Main {
    static func main() async {
        await measuring {
            let arguments = CommandLine.arguments.dropFirst()
            switch arguments.first {
            case "stream": try await stream(StreamRun(Settings(arguments.dropFirst(), known: StreamRun.settings)))
            case "requests": try await requests(RequestRun(Settings(arguments.dropFirst(), known: RequestRun.settings)))
            default: stop("usage: bench-provider stream|requests name=value…")
            }
        }
    }

    private static func stream(_ run: StreamRun) async throws {
        let transport = CurlTransport()
        let provider = try provider(["use_completions": .bool(run.isCompletion)], run.url, run.model, run.logprobs, transport)
        try await run.run(on: transport.executor) { tally in
            var request = run.conversation.request
            request.maxOutputTokens = tally.tokens
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
        }
        await provider.close()
    }

    private static func requests(_ run: RequestRun) async throws {
        let transport = CurlTransport()
        let provider = try provider(["use_streaming": false], run.url, run.model, false, transport)
        let request = run.conversation.request
        try await run.run(on: transport.executor) {
            guard !(try await provider.complete(request)).text.isEmpty else { stop("an answer without text") }
        }
        await provider.close()
    }

    private static func provider(
        _ more: JSONObject, _ url: String, _ model: String, _ logprobs: Bool, _ transport: CurlTransport
    ) throws -> VLLMProvider {
        var settings: JSONObject = [
            "base_url": .string(url), "use_completions": false, "default_model": .string(model),
            "context_window": 10_000_000, "max_output_tokens": 9_000_000,
        ]
        settings.merge(more)
        if logprobs { settings["logprobs"] = 5 }
        let configuration = ConfigurationNode(json: .object(settings), origin: .default)
        return try VLLMProvider(configuration: configuration, transport: transport, context: ProviderContext())
    }
}

extension Conversation {
    /// The conversation as a host hands it to a provider.
    fileprivate var request: ChatRequest {
        let tools = tools.map { name in
            ToolSpec(
                name: name, parameters: ["type": "object", "properties": ["query": ["type": "string"]], "required": ["query"]],
                description: "Looks something up.")
        }
        let messages = messages.map { ProviderKit.Message(role: Role(rawValue: $0.role), content: .text($0.text)) }
        return ChatRequest(messages: messages, tools: tools.isEmpty ? nil : tools)
    }
}
