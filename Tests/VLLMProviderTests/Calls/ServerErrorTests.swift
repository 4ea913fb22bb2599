import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider

@Suite("Errors that a server tells", .timeLimit(.minutes(2)))
struct ServerErrorTests {
    /// An answer of the server, and what a user reads.
    struct Case: Sendable, CustomTestStringConvertible {
        var status: Int
        var body: String
        var code: ProviderError.Code
        var text: String
        var isRetryable = false

        var testDescription: String { "\(status) \(body.prefix(40))" }
    }

    static let cases = [
        Case(
            status: 401, body: #"{"error":"Unauthorized"}"#, code: .authentication,
            text: "http://server:8000 does not accept the API key: Unauthorized (set api_key or VLLM_API_KEY)"),
        Case(
            status: 403, body: #"{"error":{"message":"Scale-out endpoints are disabled.","code":403}}"#, code: .accessDenied,
            text: "http://server:8000 does not allow this: Scale-out endpoints are disabled."),
        Case(
            status: 404,
            body: #"{"error":{"message":"The model `x` does not exist.","type":"NotFoundError","param":"model","code":404}}"#,
            code: .notFound,
            text: "The model `x` does not exist. (set default_model or --model; `vllm-host models` lists what is served)"),
        Case(
            status: 404, body: #"{"detail":"Not Found"}"#, code: .notFound,
            text: "http://server:8000 has no such route: Not Found (check that base_url leads to a vLLM server whose model generates text)"),
        Case(
            status: 405, body: #"{"detail":"Method Not Allowed"}"#, code: .notFound,
            text:
                "http://server:8000 has no such route: Method Not Allowed (check that base_url leads to a vLLM server whose model generates text)"
        ),
        Case(
            status: 400, body: #"{"error":{"message":"This model's maximum context length is 2048 tokens.","code":400}}"#,
            code: .contextLength,
            text: "This model's maximum context length is 2048 tokens. (shorten the conversation or lower max_tokens)"),
        Case(
            status: 400, body: #"{"error":{"message":"max_tokens=5000 cannot be greater than max_model_len=2048.","code":400}}"#,
            code: .contextLength,
            text: "max_tokens=5000 cannot be greater than max_model_len=2048. (shorten the conversation or lower max_tokens)"),
        Case(
            status: 400, body: #"{"error":{"message":"n must be at least 1, got 0.","code":400}}"#, code: .invalidRequest,
            text: "http://server:8000 refuses the request: n must be at least 1, got 0."),
        Case(
            status: 400, body: #"{"error":{"message":"\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser"}}"#,
            code: .invalidRequest,
            text: "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser"
                + " (start the server with --enable-auto-tool-choice --tool-call-parser, or use completions)"),
        Case(
            status: 422, body: "Failed to deserialize the JSON body", code: .invalidRequest,
            text: "http://server:8000 refuses the request: Failed to deserialize the JSON body"),
        Case(
            status: 429, body: #"{"error":{"message":"slow down"}}"#, code: .rateLimit,
            text: "http://server:8000 has too many requests: slow down (try again later)", isRetryable: true),
        Case(
            status: 500, body: #"{"error":{"message":"Internal server error","code":500}}"#, code: .unavailable,
            text: "http://server:8000 failed (status 500): Internal server error (look into the server's log)", isRetryable: true),
        Case(
            status: 503, body: "No available workers", code: .unavailable,
            text: "http://server:8000 cannot answer now: No available workers (try again later)", isRetryable: true),
        Case(
            status: 502, body: "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>", code: .unavailable,
            text: "http://server:8000 cannot answer now: an HTML page: 502 Bad Gateway (try again later)", isRetryable: true),
        Case(
            status: 504, body: "upstream timed out", code: .timeout,
            text: "http://server:8000 gave up (status 504): upstream timed out"
                + " (a proxy before the server waits no longer: stream the answer, or raise the proxy's limit)", isRetryable: true),
        Case(
            status: 500, body: "", code: .unavailable,
            text: "http://server:8000 failed (status 500): no explanation (the body is empty) (look into the server's log)",
            isRetryable: true),
        Case(
            status: 301, body: "", code: .configuration,
            text: "the server is not at http://server:8000: a redirect, which is not followed: set the base URL to where the server is"
                + " (check base_url)"),
    ]

    @Test("each status has its code, a sentence that says what to do, and the server's words", arguments: cases, [true, false])
    func status(expected: Case, completions: Bool) async throws {
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in
            ScriptedExchange(status: expected.status, body: expected.body)
        })
        // A completion meets the error when it is sent, as plain prompts are not rendered before.
        let settings: JSONObject = ["use_completions": .bool(completions), "prompt_format": "plain"]
        let error = try #require(await VLLMProvider(settings, transport: transport).failure())
        #expect(error.code == expected.code)
        #expect(error.description == expected.text)
        #expect(error.isRetryable == expected.isRetryable)
        #expect(error.status == expected.status)
        #expect(error.provider == "vllm")
        #expect(error.model == "m")
        #expect(error.partialResponse == nil)
        #expect((error.body ?? "") == expected.body)
    }

    @Test(
        "Retry-After is read in seconds and as a date; nonsense is left out",
        arguments: [
            ("2", 2.0), ("0", 0.0), ("1.5", 1.5), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0), ("soon", nil), ("-3", nil), ("inf", nil),
            ("nan", nil), ("1e300", 31_536_000), ("99999999999999999999", 31_536_000), ("Sat, 31 Feb 2026 00:00:00 GMT", nil), ("", nil),
        ] as [(String, Double?)])
    func retryAfter(header: String, seconds: Double?) async throws {
        let exchange = ScriptedExchange(status: 429, headers: ["Retry-After": header], body: "wait")
        let error = await (try VLLMProvider(["use_completions": false], transport: ScriptedTransport([exchange]))).failure()
        #expect(error?.code == .rateLimit)
        let delay = seconds.map { Duration.seconds($0) }
        #expect(error?.retryAfter == delay)
    }

    @Test("a date counts from the server's own clock, and milliseconds are taken before seconds")
    func retryAfterByOtherClock() async throws {
        let date: HTTPHeaders = ["Date": "Thu, 01 Jan 2026 00:00:00 GMT", "Retry-After": "Thu, 01 Jan 2026 00:00:07 GMT"]
        let milliseconds: HTTPHeaders = ["Retry-After-Ms": "1500", "Retry-After": "2"]
        for (headers, delay) in [(date, Duration.seconds(7)), (milliseconds, .milliseconds(1500))] {
            let exchange = ScriptedExchange(status: 503, headers: headers, body: "wait")
            let error = await (try VLLMProvider(["use_completions": false], transport: ScriptedTransport([exchange]))).failure()
            #expect(error?.retryAfter == delay)
        }
    }

    @Test("the server's name for the call is kept")
    func requestID() async throws {
        let exchange = ScriptedExchange(status: 500, headers: ["X-Request-Id": "r-7"], body: "")
        let error = await (try VLLMProvider(["use_completions": false], transport: ScriptedTransport([exchange]))).failure()
        #expect(error?.requestID == "r-7")
    }

    /// Errors of generation endpoints as a real server told them.
    static let recordings = Recording.names { entry in
        ["/v1/chat/completions", "/v1/completions"].contains(entry.path) && (entry.status ?? 0) >= 400 && !entry.name.hasPrefix("pool")
    }

    @Test("errors that real servers sent get a code other than the last resort, and never one that speaks of routes", arguments: recordings)
    func recorded(name: String) async throws {
        let recording = try Recording(name)
        let transport = ScriptedTransport([try ScriptedExchange(recording: recording.responseBytes)])
        let error = try #require(await VLLMProvider(["use_completions": false], transport: transport).failure())
        #expect(error.status == recording.entry.status)
        // The provider asks for no less than one token, so that it was the server who found no room for any.
        let isContext = name.contains("context") || name == "err_max_tokens_0"
        #expect((error.code == .contextLength) == isContext)
        if !error.message.contains("Method Not Allowed"), recording.request.startLine.hasPrefix("POST") {
            #expect(!error.message.contains("no such route"))
        }
        #expect(error.code != .other)
        #expect(error.isRetryable == ((error.status ?? 0) >= 500))
    }
}
