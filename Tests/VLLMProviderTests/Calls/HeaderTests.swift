import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("The header fields of a call", .timeLimit(.minutes(2)))
struct HeaderTests {
    private let transport = ScriptedTransport(answering: { _ throws(TransportError) in .chat([["content": "4"]]) })

    private func headers(
        _ settings: JSONObject = [:], sessionID: String? = nil, options: JSONObject = [:], _ change: (inout ChatRequest) -> Void = { _ in }
    ) async throws -> HTTPHeaders {
        let provider = try VLLMProvider(settings.with(["use_completions": false]), transport: transport, sessionID: sessionID)
        var request = ChatRequest(messages: [.user("Hi")])
        change(&request)
        let planned = try provider.plannedRequests(request, options: options).first?.headers.map { ($0.name, $0.value) } ?? []
        _ = try await provider.complete(request, options: options)
        let sent = try #require(transport.requests.last?.headers)
        // A dry run shows the same, but for secrets and the name that the call gives itself.
        let shown = HTTPHeaders(planned)
        for name in ["X-Session-ID", "X-Team", "X-Level"] { #expect(shown[name] == sent[name]) }
        return sent
    }

    @Test("are those of the configuration with the call's over them, whatever their case; null takes one away")
    func merging() async throws {
        let sent = try await headers(
            ["headers": ["X-Team": "a", "X-Level": 1, "X-Other": "o"]],
            options: ["headers": ["x-team": "b", "X-Level": .null, "X-New": true]])
        #expect(sent["X-Team"] == "b")
        #expect(sent["X-Level"] == nil)
        #expect(sent["X-Other"] == "o")
        #expect(sent["X-New"] == "true")
    }

    @Test("of one call are not those of the next")
    func oneCall() async throws {
        let provider = try VLLMProvider(["use_completions": false], transport: transport)
        for options in [["headers": ["X-Team": "a"]], [:]] as [JSONObject] { _ = try await provider.ask("Hi", options: options) }
        #expect(transport.requests.map { $0.headers["X-Team"] } == ["a", nil])
    }

    @Test("X-Session-ID stays the same in a conversation: the request's, else the host's session; what is configured comes first")
    func session() async throws {
        #expect(try await headers()["X-Session-ID"] == nil)
        #expect(try await headers(sessionID: "s-1")["X-Session-ID"] == "s-1")
        #expect(try await headers(sessionID: "s-1") { $0.conversationID = "c-1" }["X-Session-ID"] == "c-1")
        #expect(try await headers(sessionID: "s-1") { $0.conversationID = "" }["X-Session-ID"] == "s-1")
        #expect(try await headers { $0.conversationID = "Große Runde\n#1" }["X-Session-ID"] == "Gro%C3%9Fe%20Runde%0A#1")
        #expect(try await headers { $0.conversationID = "a%20b" }["X-Session-ID"] == "a%2520b")
        #expect(try await headers(["headers": ["x-session-id": "h"]], sessionID: "s") { $0.conversationID = "c" }["X-Session-ID"] == "h")
        #expect(try await headers(options: ["headers": ["X-Session-Id": "o"]]) { $0.conversationID = "c" }["X-Session-ID"] == "o")
    }

    @Test("request_id names the call at the server and in all events; metadata.request_id wins")
    func requestID() async throws {
        #expect(try await headers(options: ["request_id": "o-1"])["X-Request-Id"] == "o-1")
        #expect(try await headers(options: ["request_id": "o-1"]) { $0.metadata = ["request_id": "m-1"] }["X-Request-Id"] == "m-1")
        let events = EventCollector()
        _ = try await VLLMProvider(["use_completions": false], transport: transport, events: events).ask(
            "Hi", options: ["request_id": "o-2"])
        #expect(!events.all.isEmpty)
        #expect(events.all.allSatisfy { $0.data["request_id"] == "o-2" })
        // It is the header's alone: the server's rule is that the header wins over the body.
        #expect(try transport.bodies("/v1/chat/completions").allSatisfy { $0["request_id"] == nil })
    }

    @Test(
        "that no header field can be are an error that names them and not their values, at mount and in a call",
        arguments: [
            (["a b": "x"], "headers: \"a b\" is not the name of a header field"),
            (["": "x"], "headers: \"\" is not the name of a header field"),
            (["X-A": "x\r\nX-B: y"], "headers.X-A: the value holds what no header field can: expected one line of text"),
            (["x-request-id": "a"], "headers.x-request-id: it is the name of one call"),
            (["X-A": ["x"]], "headers.X-A: the value holds what no header field can: expected one line of text"),
        ] as [(JSONObject, String)])
    func malformed(headers: JSONObject, message: String) throws {
        let error = try refusal(options: ["headers": .object(headers)])
        #expect(error?.code == .invalidRequest)
        #expect(error?.message == message)
        let mounting = #expect(throws: (any Error).self) { try VLLMProvider(["headers": .object(headers)], transport: transport) }
        #expect(mounting.map { "\($0)" }?.contains("config.\(message)") == true)
    }

    @Test("that hold a secret of the call are in no event and no error, even where the server repeats it")
    func secrets() async throws {
        let events = EventCollector()
        let answer = ScriptedExchange.json(["error": ["message": "you sent planted-1", "code": 400]], status: 400)
        let provider = try VLLMProvider(
            ["use_completions": false, "debug": true, "raw_debug": true], transport: ScriptedTransport([answer]), events: events)
        let options: JSONObject = ["headers": ["Authorization": "Bearer planted-1"]]
        let planned = try provider.plannedRequests(ChatRequest(messages: [.user("Hi")]), options: options)
        #expect(planned.first?.headers.contains { $0.value.contains("planted") } == false)
        let error = try #require(await provider.failure(options: options))
        #expect(error.message.contains("you sent"))
        #expect(!error.json.text.contains("planted"))
        #expect(!events.text.contains("planted"))
    }
}
