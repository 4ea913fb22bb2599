import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("Broken sequences of tool calls and results")
struct ToolSequenceTests {
    private static let missing = "Error: no result of this tool call is known."

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var lines: [String]
        var sent: [String]
        var repairs: [String]

        init(_ description: String, _ lines: [String], _ sent: [String], _ repairs: [String]) {
            testDescription = description
            self.lines = lines
            self.sent = sent
            self.repairs = repairs
        }
    }

    @Test(
        "are repaired in their places",
        arguments: [
            Case(
                "whole sequences are sent as they are",
                ["user u", "call a b", "result b 2", "result a 1", "assistant x", "call c", "result c 3"],
                ["user u", "call a b", "result b 2", "result a 1", "assistant x", "call c", "result c 3"], []),
            Case(
                "a call without a result gets one right after its turn, not at the end",
                ["user u", "call a b", "result a 1", "user v", "call c", "result c 3"],
                ["user u", "call a b", "result a 1", "result b \(missing)", "user v", "call c", "result c 3"], ["missing_result b f"]),
            Case("a call at the end", ["user u", "call a"], ["user u", "call a", "result a \(missing)"], ["missing_result a f"]),
            Case(
                "a result without a call becomes the user's text in its place",
                ["user u", "result x 9", "call a", "result y 8", "result a 1", "assistant z"],
                ["user u", "user Result of a tool: 9", "call a", "result a 1", "user Result of a tool: 8", "assistant z"],
                ["orphaned_result x", "orphaned_result y"]),
            Case(
                "a second result of the same call is one without a call", ["call a", "result a 1", "result a 2"],
                ["call a", "result a 1", "user Result of a tool: 2"], ["orphaned_result a"]),
            Case(
                "a result after a later turn is moved to its call", ["call a b", "result a 1", "user u", "result b 2", "assistant x"],
                ["call a b", "result a 1", "result b 2", "user u", "assistant x"], ["moved_result b f"]),
            Case(
                "a result before its call is moved to it", ["user u", "result a 1", "call a", "user v"],
                ["user u", "call a", "result a 1", "user v"], ["moved_result a f"]),
            Case(
                "calls that were cut into turns of their own", ["call a", "call b", "result a 1", "result b 2"],
                ["call a", "result a 1", "call b", "result b 2"], ["moved_result a f"]),
            Case(
                "the same id twice in a turn: the results go by their order", ["call a a", "result a 1", "result a 2"],
                ["call a adup2", "result a 1", "result adup2 2"], ["duplicate_id a f"]),
            Case(
                "the same id in every turn: each result stays with its own call",
                ["call a", "result a 1", "user u", "call a", "result a 2", "call a", "result a 3"],
                ["call a", "result a 1", "user u", "call adup2", "result adup2 2", "call adup3", "result adup3 3"],
                ["duplicate_id a f", "duplicate_id a f"]),
            Case(
                "a repeated id whose first call has no result: the result is that of the latest call",
                ["call a", "user u", "call a", "result a 2"],
                ["call a", "result a \(missing)", "user u", "call adup2", "result adup2 2"], ["missing_result a f", "duplicate_id a f"]),
            Case(
                "a new id is none that another call has", ["call a a adup2", "result a 1", "result a 2", "result adup2 3"],
                ["call a adup3 adup2", "result a 1", "result adup3 2", "result adup2 3"], ["duplicate_id a f"]),
        ])
    func repaired(_ example: Case) async throws {
        let events = EventCollector()
        let transport = ScriptedTransport([.chat([["content": "4"]])])
        let provider = try VLLMProvider(["use_completions": false], transport: transport, events: events)
        _ = try await provider.complete(ChatRequest(json: ["messages": ConversationScript.messages(example.lines)]))
        let body = try #require(try transport.bodies("/v1/chat/completions").first)
        #expect(ConversationScript.lines(body["messages"] ?? .null) == example.sent)
        let told = events.named("provider:tool_sequence_repaired").first
        let repairs = (told?["repairs"]?.array ?? []).map { repair in
            ["repair", "tool_call_id", "tool_name"].compactMap { repair[$0]?.string }.joined(separator: " ")
        }
        var seen: Set<String> = []
        #expect(repairs == example.repairs.filter { seen.insert($0).inserted })
        #expect(told?["repair_count"]?.int == (repairs.isEmpty ? nil : repairs.count))
    }

    @Test("a result that names no call says whose it is, and keeps its pictures")
    func orphanContent() async throws {
        let image: JSONValue = ["type": "image_url", "image_url": ["url": "https://x/a.png"]]
        let sent = try await SentMessages([
            ["role": "function", "name": "f", "content": "22"], ["role": "tool", "content": [["type": "text", "text": "see"], image]],
        ]).messages
        #expect(
            sent == [
                ["role": "user", "content": "Result of the tool f:\n22"],
                ["role": "user", "content": [["type": "text", "text": "Result of a tool:"], ["type": "text", "text": "see"], image]],
            ])
    }

    @Test("a text before the results in one message does not come between a call and its result")
    func textBeforeResults() async throws {
        let sent = try await SentMessages([
            ["role": "assistant", "content": [["type": "tool_call", "id": "a", "name": "f", "input": [:]]]],
            [
                "role": "user",
                "content": [["type": "text", "text": "Here:"], ["type": "tool_result", "tool_call_id": "a", "output": "1"]],
            ],
        ]).messages
        #expect(ConversationScript.lines(sent) == ["call a", "result a 1", "user Here:"])
    }

    @Test("the template and the plain prompt get the repaired conversation, too")
    func completions() async throws {
        let messages = ConversationScript.messages(["user u", "call a", "user v"])
        let rendered = try await SentMessages(messages, path: "/tokenize").messages
        #expect(ConversationScript.lines(rendered) == ["user u", "call a", "result a \(Self.missing)", "user v"])
        let plain = try await SentMessages(messages, settings: ["prompt_format": "plain"], path: "/v1/completions").messages
        #expect(
            plain == """
                [USER]
                u

                [ASSISTANT]
                <tool_call>
                {"name":"f","arguments":{}}
                </tool_call>

                [TOOL]
                \(Self.missing)

                [USER]
                v

                [ASSISTANT]

                """)
    }

    @Test("each broken id is told once for a provider, after the call's llm:request and under its request_id")
    func toldOnce() async throws {
        let events = EventCollector()
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in .chat([["content": "4"]]) })
        let provider = try VLLMProvider(["use_completions": false], transport: transport, events: events, instanceID: "one")
        for lines in [["call a"], ["call a", "user u"], ["call a", "result x 1", "user u", "call b"]] {
            _ = try await provider.complete(ChatRequest(json: ["messages": ConversationScript.messages(lines)]))
        }
        let told = events.named("provider:tool_sequence_repaired")
        #expect(
            told.map { $0["repairs"] } == [
                [["tool_call_id": "a", "tool_name": "f", "repair": "missing_result"]],
                [
                    ["tool_call_id": "x", "tool_name": .null, "repair": "orphaned_result"],
                    ["tool_call_id": "b", "tool_name": "f", "repair": "missing_result"],
                ],
            ])
        let requests = events.named("llm:request")
        #expect(told.map { $0["request_id"] } == [requests[0]["request_id"], requests[2]["request_id"]])
        #expect(events.all.prefix(2).map(\.name) == ["llm:request", "provider:tool_sequence_repaired"])
        for data in told {
            #expect(data["provider"] == "vllm")
            #expect(data["model"] == "m")
            #expect(data["instance_id"] == "one")
        }
    }

    @Test("the same broken id in another conversation is told, too", arguments: [true, false])
    func toldForEachConversation(isNamed: Bool) async throws {
        let events = EventCollector()
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in .chat([["content": "4"]]) })
        let provider = try VLLMProvider(["use_completions": false], transport: transport, events: events)
        for (index, prompt) in ["u", "v", "u", "v"].enumerated() {
            // The system message of a conversation may change.
            let lines = ["system \(index)", "user \(isNamed ? "u" : prompt)", "call call_0"]
            var request = try ChatRequest(json: ["messages": ConversationScript.messages(lines)])
            if isNamed { request.conversationID = prompt }
            _ = try await provider.complete(request)
        }
        #expect(events.named("provider:tool_sequence_repaired").map { $0["repair_count"] } == [1, 1])
    }

    @Test("of a thousand broken ids it is known that they were told; older ones may be told again")
    func boundedMemory() async throws {
        let events = EventCollector(unwanted: ["llm:request", "llm:response"])
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in .chat([["content": "4"]]) })
        let provider = try VLLMProvider(["use_completions": false], transport: transport, events: events)
        func ask(_ ids: Range<Int>) async throws {
            let call = "call " + ids.map(String.init).joined(separator: " ")
            _ = try await provider.complete(ChatRequest(json: ["messages": ConversationScript.messages([call])]))
        }
        for ids in [0..<1000, 0..<1000, 1000..<1001, 1..<1001, 0..<1] { try await ask(ids) }
        #expect(events.named("provider:tool_sequence_repaired").map { $0["repair_count"] } == [1000, 1, 1])
    }
}
