import JSON
import ProviderKit
import Testing
import VLLMProvider
import VLLMSimulator

/// A provider at a simulator whose first answer has a fault, and what is to be seen of its calls.
struct FaultCall {
    static let question = "Write some accents."
    static let thought = "This is easy."
    static let text = "café, naïve, Zoë, Ångström, ß"

    let simulator: VLLMSimulator
    let events = EventCollector()
    let provider: VLLMProvider

    init(_ fault: String, mode: CallMode, settings: JSONObject = [:]) throws {
        var options = VLLMSimulator.Options()
        var rule = try FaultRule(parsing: fault)
        rule.count = 1
        options.faults = [rule]
        simulator = try VLLMSimulator(options: options)
        var configuration: JSONObject = [
            "max_event_bytes": 100_000, "max_body_bytes": 1_000_000, "max_stream_bytes": 1_000_000,
        ]
        configuration.merge(mode.settings)
        configuration.merge(settings)
        provider = try VLLMProvider(configuration, of: simulator, events: events)
    }

    /// Asks the question.
    func ask(_ options: JSONObject = [:]) async -> Result<ChatResponse, ProviderError> {
        do throws(ProviderError) {
            return .success(try await provider.complete(ChatRequest(messages: [.user(Self.question)]), options: options))
        } catch { return .failure(error) }
    }

    /// How many questions have reached the server.
    var requestCount: Int { simulator.requests.count { $0.path.hasSuffix("/completions") } }

    /// Whether an answer is all that there is to say.
    static func isWhole(_ response: ChatResponse) -> Bool {
        response.thinking == thought && response.text == text && response.finishReason == "stop"
    }

    /// What of an answer was told in events, piece by piece.
    var toldText: String { events.named("llm:stream_block_delta").compactMap { $0["text"]?.string }.joined() }
}
