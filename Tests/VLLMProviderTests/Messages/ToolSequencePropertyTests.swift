import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider

@Suite("Any sequence of calls, results and texts")
struct ToolSequencePropertyTests {
    /// A random conversation, and what must be found again of it.
    private struct Conversation {
        var messages: [JSONValue] = []
        var texts: [String] = []
        var callCount = 0

        init(seed: UInt64) {
            var random = SplitMix(seed: seed)
            for _ in 0..<Int.random(in: 1...12, using: &random) { addMessage(&random) }
        }

        private mutating func text() -> String {
            texts.append("text-\(texts.count)-")
            return texts[texts.count - 1]
        }

        private mutating func addMessage(_ random: inout SplitMix) {
            // Few ids, so that they are often repeated and often meet.
            let ids = ["a", "b", "c", "adup2", ""]
            func id() -> JSONValue { .string(ids.randomElement(using: &random) ?? "") }
            switch Int.random(in: 0..<7, using: &random) {
            case 0: messages.append(["role": "user", "content": .string(text())])
            case 1: messages.append(["role": "assistant", "content": .string(text())])
            case 2:
                let calls: [JSONValue] = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    ["type": "tool_call", "id": id(), "name": "f", "input": [:]]
                }
                callCount += calls.count
                messages.append(["role": "assistant", "content": .array([["type": "text", "text": .string(text())]] + calls)])
            case 3:
                callCount += 1
                messages.append(["role": "assistant", "content": "", "tool_calls": [["id": id(), "tool": "f", "arguments": [:]]]])
            case 4: messages.append(["role": "tool", "tool_call_id": id(), "content": .string(text())])
            case 5: messages.append(["role": Bool.random(using: &random) ? "tool" : "function", "name": "f", "content": .string(text())])
            default:
                let result: JSONValue = ["type": "tool_result", "tool_call_id": id(), "output": .string(text())]
                let block: JSONValue = ["type": "text", "text": .string(text())]
                let role: JSONValue = Bool.random(using: &random) ? "user" : "assistant"
                messages.append(["role": role, "content": Bool.random(using: &random) ? [result, block] : [block, result]])
            }
        }
    }

    @Test("comes out with every call answered once, right after its turn, under an id of its own, and no text is lost")
    func wellFormed() throws {
        let provider = try VLLMProvider(["use_completions": false], transport: ScriptedTransport([]))
        for seed in 0..<1500 {
            let conversation = Conversation(seed: UInt64(seed))
            let request = try ChatRequest(json: ["messages": .array(conversation.messages)])
            let body = try #require(try provider.plannedRequests(request).first?.body)
            let sent = try #require(body["messages"]?.array)
            check(sent, conversation, "seed \(seed)")
            // What is sent is whole: sent again by the next host, nothing changes.
            let again = try ChatRequest(json: ["messages": .array(sent.map(withContent))])
            let messages = try provider.plannedRequests(again).first?.body?["messages"]?.array
            #expect(messages?.map(withContent) == sent.map(withContent), "seed \(seed)")
        }
    }

    private func check(_ sent: [JSONValue], _ conversation: Conversation, _ seed: Comment) {
        var expected: Set<String> = []
        var ids: [String] = []
        for message in sent {
            if message["role"] == "tool" {
                let answered = expected.remove(message["tool_call_id"]?.string ?? "none")
                #expect(answered != nil, seed)
            } else {
                #expect(expected.isEmpty, seed)
                let calls = (message["tool_calls"]?.array ?? []).compactMap { $0["id"]?.string }
                expected = Set(calls)
                ids += calls
            }
        }
        #expect(expected.isEmpty, seed)
        #expect(ids.count == conversation.callCount && Set(ids).count == ids.count, seed)
        let said = sent.compactMap { $0["content"]?.string }.joined(separator: "\n")
        for text in conversation.texts {
            let count = said.split(separator: text, omittingEmptySubsequences: false).count - 1
            #expect(count == 1, seed)
        }
    }

    /// The contract has no null for content.
    private func withContent(_ message: JSONValue) -> JSONValue {
        var object = message.object ?? [:]
        if object["content"]?.isNull == true { object["content"] = "" }
        return .object(object)
    }
}
