import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("Answers that break off or make no sense", .timeLimit(.minutes(2)))
struct BrokenAnswerTests {
    private func failure(_ exchange: ScriptedExchange, streams: Bool = true) async throws -> ProviderError {
        let settings: JSONObject = ["use_completions": false, "use_streaming": .bool(streams)]
        let provider = try VLLMProvider(settings, transport: ScriptedTransport([exchange]))
        return try #require(await provider.failure())
    }

    private static let half = [chatChunk(["reasoning": "Hm."]), chatChunk(["content": "It is "])]

    /// What had arrived of `half`.
    private func expectHalf(_ error: ProviderError, _ location: SourceLocation = #_sourceLocation) {
        #expect(error.partialResponse?.thinking == "Hm.", sourceLocation: location)
        // The blank at its end is held back until it is known what follows.
        #expect(error.partialResponse?.text == "It is", sourceLocation: location)
        #expect(error.partialResponse?.finishReason == nil, sourceLocation: location)
    }

    @Test("an error that the server tells within the stream keeps what came before")
    func errorEvent() async throws {
        let event =
            #"{"error": {"message": "EngineCore encountered an issue.", "type": "InternalServerError", "param": null, "code": 500}}"#
        let error = try await failure(.events(Self.half + [event, "[DONE]"]))
        #expect(error.code == .unavailable)
        #expect(
            error.description == "http://server:8000 failed (status 500): EngineCore encountered an issue. (look into the server's log)")
        #expect(error.isRetryable)
        expectHalf(error)
    }

    @Test("a stream that ends without [DONE] keeps what came")
    func cut() async throws {
        let error = try await failure(.events(Self.half))
        #expect(error.code == .stream)
        #expect(error.isRetryable)
        #expect(error.message == "the stream ended after 2 chunks, without [DONE]: the server or a proxy broke it off")
        expectHalf(error)
    }

    @Test("a connection that breaks keeps what came")
    func lost() async throws {
        let error = try await failure(.events(Self.half, ending: [.fail(TransportError(.connectionLost, "the connection broke"))]))
        #expect(error.code == .network)
        #expect(error.isRetryable)
        expectHalf(error)
    }

    @Test("a stream without a finish reason is an error that keeps what came")
    func noFinishReason() async throws {
        let error = try await failure(.events(Self.half + ["[DONE]"]))
        #expect(error.code == .stream)
        #expect(error.message == "the answer ended without a finish reason")
        expectHalf(error)
    }

    @Test("an answer without choices is an error", arguments: [true, false])
    func noChoices(streams: Bool) async throws {
        let exchange: ScriptedExchange = streams ? .events(["[DONE]"]) : .json(["id": "x", "choices": []])
        let error = try await failure(exchange, streams: streams)
        #expect(error.code == .stream)
        #expect(error.partialResponse == nil)
    }

    @Test("a chunk that is no chunk is an error that shows it and keeps what came", arguments: ["{\"a\":", "{\"choices\": 3}", "3", "{}"])
    func malformedChunk(chunk: String) async throws {
        let error = try await failure(.events(Self.half + [chunk, "[DONE]"]))
        #expect(error.code == .stream)
        #expect(!error.isRetryable)
        #expect(error.message.hasPrefix("the answer of http://server:8000 cannot be read: event 3 of the stream "))
        #expect(error.message.contains(chunk))
        #expect(error.hint == "check that base_url leads to a vLLM server")
        expectHalf(error)
    }

    @Test(
        "what is not an answer of a vLLM server says so",
        arguments: ["<html><head><title>Welcome</title></head></html>", "garbage", "", "[1]", "{\"hello\": 1}"], [true, false])
    func notVLLM(body: String, streams: Bool) async throws {
        let error = try await failure(ScriptedExchange(headers: ["content-type": "text/html"], body: body), streams: streams)
        #expect(error.code == .stream)
        #expect(!error.isRetryable)
        #expect(error.message.hasPrefix("the answer of http://server:8000 cannot be read: "))
        #expect(error.hint == "check that base_url leads to a vLLM server")
    }

    @Test("arguments of a call that are no JSON object are an error with tool and text; what came before is kept")
    func malformedArguments() async throws {
        let call: JSONValue = ["index": 0, "id": "c", "type": "function", "function": ["name": "f", "arguments": "{\"x\": "]]
        let error = try await failure(.chat([["content": "Wait."], ["tool_calls": [call]]], finishReason: "tool_calls"))
        #expect(error.code == .invalidToolCall)
        #expect(!error.isRetryable)
        #expect(error.message.hasPrefix("the model called the tool \"f\" with arguments that are not a JSON object: "))
        #expect(error.details == ["tool_name": "f", "raw_arguments": "{\"x\": "])
        #expect(error.partialResponse?.text == "Wait.")
    }

    @Test("a call without a name is an error", arguments: [true, false])
    func namelessCall(completions: Bool) async throws {
        let call: JSONValue = ["index": 0, "id": "c", "type": "function", "function": ["arguments": "{}"]]
        let exchange: ScriptedExchange =
            completions
            ? .completion(["<tool_call>{\"arguments\": {}}</tool_call>"]) : .chat([["tool_calls": [call]]], finishReason: "tool_calls")
        let provider = try VLLMProvider(["use_completions": .bool(completions)], transport: ScriptedTransport.completions(exchange))
        let tool = ToolSpec(name: "f", parameters: [:], description: nil)
        let error = await thrown { () throws(ProviderError) in
            _ = try await provider.complete(ChatRequest(messages: [.user("Hi")], tools: [tool]))
        }
        #expect(error?.code == .invalidToolCall)
        #expect(error?.message == "the model called a tool without naming it")
    }

    @Test(
        "streams that real servers broke off keep what came",
        arguments: [
            ("end_server_sigkill_stream", ProviderError.Code.network), ("end_server_engine_stream", .unavailable),
            ("end_server_sigterm_stream", .unavailable), ("end_server_worker_stream", .unavailable),
        ])
    func recorded(name: String, code: ProviderError.Code) async throws {
        let error = try await failure(ScriptedExchange(recording: try Recording(name).responseBytes))
        #expect(error.code == code)
        #expect(error.isRetryable)
        #expect(error.partialResponse?.content.isEmpty == false)
    }

    @Test("a failed call stays over: reading on gives nothing")
    func over() async throws {
        let provider = try VLLMProvider(["use_completions": false], transport: ScriptedTransport([.events(Self.half)]))
        var iterator = provider.stream(ChatRequest(messages: [.user("Hi")])).makeAsyncIterator()
        #expect(await thrown { () throws(ProviderError) in while try await iterator.next() != nil {} } != nil)
        #expect(try await iterator.next() == nil)
    }
}
