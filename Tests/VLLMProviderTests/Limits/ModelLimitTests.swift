import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("The limits of a model", .timeLimit(.minutes(2)))
struct ModelLimitTests {
    /// A provider of a server that lists these models, prepared.
    private func prepared(
        _ models: [JSONValue], _ settings: JSONObject = [:], events: any EventSink = NoEvents()
    ) async throws -> VLLMProvider {
        let provider = try provider(.models(models), settings, events: events)
        await provider.prepare()
        return provider
    }

    private func provider(
        _ transport: ScriptedTransport, _ settings: JSONObject = [:], events: any EventSink = NoEvents()
    ) throws -> VLLMProvider {
        try VLLMProvider(settings, transport: transport, events: events, tellsModels: true)
    }

    @Test("before the server is asked nothing is known, and no number is made up")
    func unknown() async throws {
        let transport = ScriptedTransport.models([["id": "m", "max_model_len": 4096]])
        let provider = try provider(transport)
        #expect(provider.modelInfo == nil)
        #expect(transport.requests.isEmpty)
        #expect(provider.info.defaults["context_window"] == nil)
    }

    @Test("the card's max_model_len is the window, or else max_input_tokens, or that of the model a LoRA adapter stands on")
    func cards() async throws {
        #expect(try await prepared([["id": "m", "max_model_len": 4096]]).modelInfo?.contextWindow == 4096)
        let proxy = try await prepared([["id": "m", "max_input_tokens": 131_072, "max_output_tokens": 8192]])
        #expect(proxy.modelInfo?.contextWindow == 131_072)
        #expect(proxy.modelInfo?.maxOutputTokens == 8192)
        let both = try await prepared([["id": "m", "max_model_len": 4096, "max_input_tokens": 3000]])
        #expect(both.modelInfo?.contextWindow == 4096)
        let adapter: [JSONValue] = [["id": "base", "max_model_len": 2048], ["id": "m", "parent": "base", "max_model_len": .null]]
        #expect(try await prepared(adapter).modelInfo?.contextWindow == 2048)
    }

    @Test("an answer may be as long as the window, or as the card says where that is less")
    func outputTokens() async throws {
        #expect(try await prepared([["id": "m", "max_model_len": 4096]]).modelInfo?.maxOutputTokens == 4096)
        let larger = try await prepared([["id": "m", "max_model_len": 4096, "max_output_tokens": 9999]])
        #expect(larger.modelInfo?.maxOutputTokens == 4096)
    }

    @Test(
        "numbers that make no sense are not known, and fail nothing",
        arguments: [.null, 0, -1, "4096", 1e300, [], true, 9_223_372_036_854_775_807] as [JSONValue])
    func nonsense(number: JSONValue) async throws {
        let provider = try await prepared([["id": "m", "max_model_len": number, "max_output_tokens": number]])
        #expect(provider.modelInfo?.contextWindow == 0)
        #expect(provider.modelInfo?.maxOutputTokens == 0)
        #expect(try await provider.listModels().map(\.contextWindow) == [0])
    }

    @Test("a configured number beyond the server's does not count, and a warning names both, once")
    func clamping() async throws {
        let events = EventCollector()
        let provider = try await prepared(
            [["id": "m", "max_model_len": 2048, "max_output_tokens": 500]], ["context_window": 8192, "max_output_tokens": 1000],
            events: events)
        await provider.prepare()
        _ = try await provider.ask("Hi")
        #expect(provider.modelInfo?.contextWindow == 2048)
        #expect(provider.modelInfo?.maxOutputTokens == 500)
        let warnings = events.named("provider:warning")
        #expect(
            warnings.map { $0["message"] } == [
                "context_window is 8192, but the context window of m is 2048 tokens: 2048 counts",
                "max_output_tokens is 1000, but the longest answer of m is 500 tokens: 500 counts",
            ])
        let first = warnings.first ?? [:]
        #expect(
            first == [
                "provider": "vllm", "model": "m", "lvl": "WARNING",
                "message": "context_window is 8192, but the context window of m is 2048 tokens: 2048 counts", "setting": "context_window",
                "configured": 8192, "actual": 2048,
            ])
    }

    @Test("a configured number below the server's counts, without a word")
    func tightening() async throws {
        let events = EventCollector()
        let provider = try await prepared(
            [["id": "m", "max_model_len": 2048]], ["context_window": 1000, "max_output_tokens": 200], events: events)
        #expect(provider.modelInfo?.contextWindow == 1000)
        #expect(provider.modelInfo?.maxOutputTokens == 200)
        #expect(events.named("provider:warning").isEmpty)
        #expect(provider.info.defaults["context_window"] == 1000)
        #expect(provider.info.defaults["max_output_tokens"] == 200)
    }

    @Test("configured numbers hold where the server tells none")
    func configured() throws {
        let provider = try provider(.models([]), ["context_window": 1000])
        #expect(provider.modelInfo?.contextWindow == 1000)
    }

    @Test("the model that answers is the only one there is, where none is configured")
    func onlyModel() async throws {
        let provider = try await prepared([["id": "only", "max_model_len": 64]], ["default_model": .null])
        #expect(provider.modelInfo?.id == "only")
        let several = try await prepared([["id": "a", "root": "a"], ["id": "b", "root": "b"]], ["default_model": .null])
        #expect(several.modelInfo == nil)
    }

    @Test("capabilities have the contract's names")
    func capabilities() async throws {
        let provider = try await prepared([["id": "m", "max_model_len": 64]])
        #expect(provider.modelInfo?.capabilities == ["streaming", "tools", "thinking", "json_mode"])
    }
}

extension ScriptedTransport {
    /// A server that lists these models, counts three tokens in any conversation and answers a chat with "4" and a completion with "5".
    static func models(_ models: [JSONValue], tokens: Int = 3) -> ScriptedTransport {
        ScriptedTransport(answering: { request throws(TransportError) in
            switch request.path {
            case "/v1/models": .json(["data": .array(models)])
            case "/tokenize": .json(["tokens": .array(Array(repeating: 7, count: tokens)), "count": .integer(tokens)])
            case "/detokenize": .json(["prompt": "assistant\n"])
            case "/v1/completions": .completion(["5"])
            default: .chat([["content": "4"]])
            }
        })
    }

    /// The paths that were asked, in order.
    var paths: [String] { requests.map(\.path) }
}
