import HTTPTransport
import JSON
import TestSupport
import Testing

@testable import VLLMClient

@Suite("Recorded errors")
struct RecordedErrorTests {
    private static let paths = ["/v1/chat/completions", "/v1/completions", "/v1/models", "/tokenize", "/detokenize", "/health"]

    @Test(
        "say what the server said, with its status, type, param and code",
        arguments: Recording.generation { paths.contains($0.path) && ($0.status ?? 0) >= 400 && $0.method != "HEAD" })
    func status(name: String) async throws {
        let recording = try Recording(name)
        let response = try #require(recording.response)
        let client = try VLLMClient.answered(asIn: name)
        let error = try #require(await failure { () async throws(VLLMError) in _ = try await client.models() })
        #expect(error.kind == .status)
        #expect(error.status == recording.entry.status)
        #expect(error.effectiveStatus == recording.entry.status)
        #expect(error.body == (response.body.isEmpty ? nil : response.text))
        #expect(!error.isCancellation)
        if let told = (try? recording.responseJSON())?["error"]?.object {
            #expect(error.message == told["message"]?.string)
            #expect(error.type == told["type"]?.string)
            #expect(error.param == told["param"]?.string)
            #expect(error.code?.int == recording.entry.status)
        }
        #expect(error.description == "the server answered \(try #require(error.status)): \(error.message)")
    }

    @Test(
        "are read in every shape that servers send",
        arguments: [
            ("err_model_404", "The model `nope` does not exist. Valid aliases: tiny-chat, tiny."),
            ("full_auth_missing", "Unauthorized"),
            ("err_method_405", "Method Not Allowed"),
            ("err_not_utf8", "There was an error parsing the body"),
            (
                "overload_chat",
                "The engine is currently busy and cannot accept new requests. Please try again later or on a different instance."
            ),
            ("end_server_sigterm_unary", "EngineCore encountered an issue. See stack trace (above) for the root cause."),
            ("options_cors", "Disallowed CORS origin"),
            ("router_unhealthy_chat", "No available workers (all circuits open or unhealthy)"),
            ("router_err_method", "no explanation (the body is empty)"),
        ])
    func messages(name: String, message: String) async throws {
        let client = try VLLMClient.answered(asIn: name)
        let error = await failure { () async throws(VLLMError) in _ = try await client.models() }
        #expect(error?.message == message)
    }

    @Test(
        "inside streams are thrown after the chunks before them",
        arguments: [
            ("overload_stream_bad_regex", 400), ("overload_stream_logprobs_too_many", 400), ("end_server_sigterm_stream", 500),
            ("end_server_worker_stream", 500), ("end_server_engine_stream", 500),
        ])
    func inStream(name: String, code: Int) async throws {
        let recording = try Recording(name)
        let told = try JSONValue(parsing: try #require(recording.events.first { $0.contains(#""error""#) }))
        let stream = try await VLLMClient.answered(asIn: name).streamChatCompletion(ChatCompletionRequest(messages: []))
        var iterator = stream.makeAsyncIterator()
        var count = 0
        let error = await failure { () async throws(VLLMError) in while try await iterator.next() != nil { count += 1 } }
        #expect(count == recording.events.count - 2)
        #expect(error?.kind == .errorInBody)
        #expect(error?.status == 200)
        #expect(error?.effectiveStatus == code)
        #expect(error?.message == told["error"]?["message"]?.string)
        #expect(try JSONValue(parsing: error?.body ?? "") == told)
        #expect(try await iterator.next() == nil)
    }

    @Test(
        "of a stream that just stops are a broken connection", arguments: ["end_server_sigkill_stream", "router_backend_killed_midstream"])
    func cut(name: String) async throws {
        let recording = try Recording(name)
        let stream = try await VLLMClient.answered(asIn: name).streamChatCompletion(ChatCompletionRequest(messages: []))
        var iterator = stream.makeAsyncIterator()
        var count = 0
        let error = await failure { () async throws(VLLMError) in while let batch = try await iterator.nextBatch() { count += batch.count }
        }
        #expect(count == recording.events.count)
        guard case .transport(let reason)? = error?.kind else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.code == .connectionLost)
        #expect(error?.status == 200)
    }
}
