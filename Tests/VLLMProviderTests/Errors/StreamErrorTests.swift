import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("Errors within answers of status 200")
struct StreamErrorTests {
    static let cases: [(String, ProviderError.Code)] = [
        (#"{"error":{"message":"told","type":"InternalServerError","param":null,"code":500}}"#, .unavailable),
        (#"{"error":{"message":"told","type":"BadRequestError","param":null,"code":400}}"#, .invalidRequest),
        (#"{"error":{"message":"told","type":"Service Unavailable","code":503}}"#, .unavailable),
        // vLLM up to 0.10.0.
        (#"{"object":"error","message":"told","type":"BadRequestError","param":null,"code":400}"#, .invalidRequest),
        // LiteLLM: digits; Anthropic, OpenAI and Text Generation Inference: names.
        (#"{"error":{"message":"told","type":"None","param":"None","code":"429"}}"#, .rateLimit),
        (#"{"type":"error","error":{"type":"overloaded_error","message":"told"}}"#, .unavailable),
        (#"{"error":{"message":"told","type":"invalid_request_error","code":"context_length_exceeded"}}"#, .contextLength),
        (#"{"error":"told","error_type":"validation"}"#, .invalidRequest),
        (#"{"error":{"message":"told","type":"insufficient_quota"}}"#, .quotaExceeded),
        (#"{"error":{"message":"This model's maximum context length is 20 tokens: told","code":400}}"#, .contextLength),
        (#"{"error":"told"}"#, .unavailable), (#"{"detail":"told"}"#, .unavailable),
        // OpenRouter: beside a last chunk.
        (#"{"error":{"code":502,"message":"told"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"#, .unavailable),
    ]

    private func failure(_ exchange: ScriptedExchange, streams: Bool = true) async throws -> ProviderError {
        let settings: JSONObject = ["use_completions": false, "use_streaming": .bool(streams)]
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in exchange })
        return try #require(await VLLMProvider(settings, transport: transport).failure())
    }

    private func expect(_ error: ProviderError, _ event: String, _ code: ProviderError.Code) {
        #expect(error.code == code)
        #expect(error.isRetryable == code.isRetryable)
        #expect(error.message.contains("told"))
        #expect(error.status == 200)
        #expect(error.body == event)
    }

    @Test("the first event of a stream, and one behind half of the answer, which is kept", arguments: cases, [true, false])
    func event(event: (String, ProviderError.Code), isFirst: Bool) async throws {
        let half = isFirst ? [] : [chatChunk(["content": "It is"])]
        // vLLM ends such a stream as if all were well; others just stop.
        let error = try await failure(.events(half + [event.0] + (isFirst ? ["[DONE]"] : [])))
        expect(error, event.0, event.1)
        #expect(error.partialResponse?.text == (isFirst ? nil : "It is"))
    }

    @Test("an answer in one piece, and one in place of a stream", arguments: cases.dropLast(), [true, false])
    func whole(event: (String, ProviderError.Code), streams: Bool) async throws {
        let exchange = ScriptedExchange(headers: ["content-type": "application/json"], body: event.0)
        expect(try await failure(exchange, streams: streams), event.0, event.1)
    }

    @Test("an answer in one piece that is called a stream, or nothing at all", arguments: ["text/event-stream", ""])
    func misnamed(type: String) async throws {
        let body = #"{"error":{"message":"told","type":"BadRequestError","code":400}}"#
        let error = try await failure(ScriptedExchange(headers: type.isEmpty ? [:] : ["content-type": type], body: body))
        expect(error, body, .invalidRequest)
    }

    @Test("what came in place of a stream is in the error, as far as it may")
    func noStream() async throws {
        let error = try await failure(ScriptedExchange(headers: ["content-type": "text/event-stream"], body: "no healthy upstream"))
        #expect(error.code == .stream)
        #expect(error.isRetryable)
        #expect(error.body == "no healthy upstream")
        let comments = String(repeating: ": keep-alive\n", count: 100_000)
        let long = try await failure(ScriptedExchange(headers: ["content-type": "text/event-stream"], body: comments))
        #expect(long.body?.utf8.count == 64 << 10)
    }

    @Test(
        "an event that is called an error is one, whatever its data are",
        arguments: ["told", #""told""#, #"{"message":"told"}"#, #"{"code":7,"why":"told"}"#])
    func errorEvent(data: String) async throws {
        let chunk = "data: \(chatChunk(["content": "It is"]))\n\n"
        let exchange = ScriptedExchange(headers: ["content-type": "text/event-stream"], body: "\(chunk)event: error\ndata: \(data)\n\n")
        let error = try await failure(exchange)
        expect(error, data, .unavailable)
        #expect(error.partialResponse?.text == "It is")
    }

    @Test("an error that is null beside the chunks is none")
    func nullError() async throws {
        let chunks = [chatChunk(["content": "4"]), chatChunk([:], finishReason: "stop")].map { "\($0.dropLast()),\"error\":null}" }
        let transport = ScriptedTransport([.events(chunks + ["[DONE]"])])
        #expect(try await VLLMProvider(["use_completions": false], transport: transport).ask("Hi").text == "4")
    }
}
