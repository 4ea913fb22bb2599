import CProviderPlugin
import JSON
import ProviderKit
import Testing

@testable import PluginLoading

@Suite("Plugins that fail", .timeLimit(.minutes(1)))
struct PluginFailureTests {
    private let request = ChatRequest(messages: [.user("Hi")])

    @Test("an error comes over with all that it says, behind what had arrived of the answer")
    func error() async throws {
        let plugin = FakePlugin()
        plugin.onStart = { call in
            call.events(#"[{"type": "started", "model": "m"}]"#)
            call.fail(
                #"{"type": "RateLimitError", "code": "rate_limit", "message": "too many", "hint": "wait", "provider": "fake", "#
                    + #""model": "m", "status_code": 429, "retryable": true, "retry_after": 2.5, "request_id": "r", "body": "b", "#
                    + #""details": {"a": 1}, "partial_response": {"content": [{"type": "text", "text": "Hel"}]}}"#)
        }
        let source = PluginResponseSource(try plugin.instance(), request, options: [:], provider: "fake")
        let first = try await source.next()
        #expect(first == [.started(ResponseStart(id: nil, model: "m"))])
        let error = await thrown { () throws(ProviderError) in _ = try await source.next() }
        #expect(error?.code == .rateLimit)
        #expect(error?.message == "too many")
        #expect(error?.hint == "wait")
        #expect(error?.provider == "fake")
        #expect(error?.model == "m")
        #expect(error?.status == 429)
        #expect(error?.isRetryable == true)
        #expect(error?.retryAfter == .seconds(2.5))
        #expect(error?.requestID == "r")
        #expect(error?.body == "b")
        #expect(error?.details == ["a": 1])
        #expect(error?.partialResponse?.text == "Hel")
        let end = try await source.next()
        #expect(end == nil)
    }

    private static let refusals: [(Int, String, ProviderError.Code, String)] = [
        (
            PROVIDER_INVALID_JSON,
            #"{"type": "InvalidRequestError", "code": "invalid_request", "message": "messages: is required", "retryable": false}"#,
            .invalidRequest, "messages: is required"
        ),
        (PROVIDER_CLOSED, "", .cancelled, "the provider was closed"),
        (
            PROVIDER_INVALID_ARGUMENT, "", .other,
            "the plugin does not keep to the plugin ABI: start failed with the status 1 and does not say why"
        ),
        (PROVIDER_FAILED, "oops", .other, "the plugin does not keep to the plugin ABI: its error cannot be read: "),
        (PROVIDER_FAILED, "{}", .other, "the plugin does not keep to the plugin ABI: its error cannot be read: message: is required"),
    ]

    @Test("what `start` refuses is an error that says why, and what it wrote is given back", arguments: refusals)
    func refused(status: Int, json: String, code: ProviderError.Code, message: String) async throws {
        let plugin = FakePlugin()
        plugin.refusal = (ProviderStatus(status), json)
        let provider = try plugin.provider()
        let error = await thrown { () throws(ProviderError) in _ = try await provider.complete(request) }
        #expect(error?.code == code)
        #expect(error?.message.hasPrefix(message) == true)
        #expect(plugin.openBytes == 0)
    }

    private static let malformed: [([String], String)] = [
        (["nonsense"], "an event cannot be read"),
        ([#"{"type": "started"}"#], "an event cannot be read: expected an array, found object"),
        ([#"[{"type": "block_delta", "index": "0", "text": "a"}]"#], "an event cannot be read: [0].index: expected an integer"),
        ([#"[{"type": "started", "model": "m"}]"#], "the answer ended without its last event"),
        ([], "the answer ended without its last event"),
    ]

    @Test("an answer that is none is an error that blames the plugin, and its call is given back", arguments: malformed)
    func answer(events: [String], message: String) async throws {
        let plugin = FakePlugin()
        let begun = Arrival<FakeCall>()
        plugin.onStart = { call in
            for event in events { call.events(event) }
            begun.bring(call)
            call.step(Int(PROVIDER_STEP_RESPONSE), "")
        }
        let provider = try plugin.provider()
        let error = await thrown { () throws(ProviderError) in _ = try await provider.complete(request) }
        #expect(error?.code == .other)
        #expect(error?.message.contains(message) == true)
        #expect(error?.message.hasPrefix("the plugin does not keep to the plugin ABI: ") == true)
        #expect(try await begun.value.releases == 1)
    }

    @Test("events and steps of later versions are passed over")
    func later() async throws {
        let plugin = FakePlugin()
        plugin.onStart = { call in
            call.events(#"[{"type": "weather", "is": "fine"}]"#)
            call.step(17, "{}")
            call.answer("Hello")
        }
        #expect(try await plugin.provider().complete(request).text == "Hello")
    }

    @Test("models come over, and what is none is an error")
    func models() async throws {
        let plugin = FakePlugin()
        plugin.onStart = { call in
            #expect(call.request == "list_models")
            call.step(
                Int(PROVIDER_STEP_RESPONSE),
                #"[{"id": "m", "display_name": "M", "context_window": 5, "max_output_tokens": 4, "capabilities": [], "defaults": {}}]"#)
        }
        #expect(try await plugin.provider().listModels().map(\.id) == ["m"])
        plugin.onStart = { $0.step(Int(PROVIDER_STEP_RESPONSE), #"[{"id": 1}]"#) }
        let provider = try plugin.provider()
        let error = await thrown { () throws(ProviderError) in _ = try await provider.listModels() }
        #expect(error?.message.contains("the models cannot be read: id: expected a string") == true)
        plugin.onStart = { $0.fail(#"{"type": "NetworkError", "code": "network", "message": "down", "retryable": true}"#) }
        let unreachable = await thrown { () throws(ProviderError) in _ = try await provider.listModels() }
        #expect(unreachable?.code == .network)
    }

    @Test("what goes wrong while getting ready is no failure of the provider")
    func preparation() async throws {
        let plugin = FakePlugin()
        let begun = Arrival<JSONValue>()
        plugin.onStart = { call in
            begun.bring(call.request)
            call.fail(#"{"type": "NetworkError", "code": "network", "message": "down", "retryable": true}"#)
        }
        let provider = try plugin.provider()
        await provider.prepare()
        #expect(try await begun.value == "prepare")
        plugin.refusal = (ProviderStatus(PROVIDER_CLOSED), "")
        await provider.prepare()
    }
}
