import Configuration
import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("Configured prices")
struct PricingSettingTests {
    private static let answer: ScriptedExchange = .json([
        "choices": [["index": 0, "message": ["role": "assistant", "content": "4"], "finish_reason": "stop"]],
        "usage": ["prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 30],
    ])

    private func cost(_ pricing: JSONValue) async throws -> String? {
        var settings: JSONObject = ["use_completions": false, "use_streaming": false]
        if !pricing.isNull { settings["pricing"] = pricing }
        return try await VLLMProvider(settings, transport: ScriptedTransport([Self.answer])).ask("Hi").usage?.costUSD
    }

    @Test("make the cost; without them it is unknown, as it is in another currency")
    func cost() async throws {
        #expect(try await cost(["input_per_million": 0.15, "output_per_million": 0.6]) == "0.0000135")
        #expect(try await cost(["input_per_million": "0.15", "output_per_million": 0.6, "currency": "USD"]) == "0.0000135")
        #expect(try await cost(["input_per_million": 0, "output_per_million": 0]) == "0")
        #expect(try await cost(["input_per_million": 1, "output_per_million": 1, "currency": "EUR"]) == nil)
        #expect(try await cost(.null) == nil)
    }

    @Test("are shown with the models, in any currency")
    func models() async throws {
        let models: ScriptedExchange = .json(["object": "list", "data": [["id": "m", "object": "model", "max_model_len": 2048]]])
        let prices: JSONObject = ["input_per_million": 1, "output_per_million": 2, "currency": "EUR"]
        let provider = try VLLMProvider(["pricing": .object(prices), "default_model": .null], transport: ScriptedTransport([models]))
        #expect(try await provider.listModels().first?.pricing == Pricing(inputPerMillion: 1, outputPerMillion: 2, currency: "EUR"))
    }

    @Test(
        "that cannot be are an error that names them",
        arguments: [
            (["output_per_million": 1], "pricing.input_per_million", "missing"),
            (["input_per_million": 1], "pricing.output_per_million", "missing"),
            (["input_per_million": -1, "output_per_million": 1], "pricing.input_per_million", "between 0 and"),
            (["input_per_million": 1, "output_per_million": 1e300], "pricing.output_per_million", "between 0 and"),
            (["input_per_million": "cheap", "output_per_million": 1], "pricing.input_per_million", "found"),
            (["input_per_million": 1, "output_per_million": 1, "currency": "dollars"], "pricing.currency", "three capital letters"),
            (["input_per_million": 1, "output_per_million": 1, "output_per_milion": 2], "pricing.output_per_milion", "unknown key"),
            (3, "pricing", "a mapping"),
        ] as [(JSONValue, String, String)])
    func wrong(pricing: JSONValue, key: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try VLLMProvider(["pricing": pricing], transport: ScriptedTransport([]))
        }
        let issue = error?.issues.first
        #expect(issue?.keyPath == "config.\(key)")
        #expect(issue?.message.contains(message) == true)
    }
}
