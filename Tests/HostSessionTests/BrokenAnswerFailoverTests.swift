import HostSession
import JSON
import Locks
import ProviderKit
import TestSupport
import Testing
import VLLMSimulator

@Suite("Fail-over from a server that breaks off", .timeLimit(.minutes(5)))
struct BrokenAnswerFailoverTests {
    private static func answer(_ texts: [String]) -> SimulatedResponse {
        let chunks = texts.map { text -> String in
            let chunk: JSONValue = [
                "id": "c", "model": "tiny-chat", "choices": [["index": 0, "delta": ["content": .string(text)], "finish_reason": .null]],
            ]
            return chunk.text
        }
        let end = #"{"id":"c","model":"tiny-chat","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
        return .events(chunks + [end, "[DONE]"])
    }

    @Test(
        "wherever an answer breaks off, what is shown is the beginning of it or the whole answer of the next provider, never of both",
        arguments: ["loop-streaming", "loop-basic"])
    func everyByte(loop: String) async throws {
        let whole = Self.answer(["Once", " upon", " a time."])
        let size = whole.parts.reduce(0) { if case .bytes(let bytes) = $1 { $0 + bytes.count } else { $0 } }
        let length = Guarded(0)
        let main = try VLLMSimulator(
            options: .init(respond: { $0.path == "/v1/chat/completions" ? whole.cut(afterBytes: length.withLock { $0 }) : nil }))
        let spare = try VLLMSimulator(
            options: .init(respond: { $0.path == "/v1/chat/completions" ? Self.answer(["Hel", "lo."]) : nil }))
        let config = "use_completions: false, max_retries: 0, resume_stream: false"
        try await withTemporaryDirectory { root in
            let session = try Host(root).session(
                """
                session: {orchestrator: {module: \(loop), config: {failover_cooldown: 0}}}
                providers:
                  - {module: provider-vllm, instance_id: main, config: {base_url: "\(main.baseURL)", \(config)}}
                  - {module: provider-vllm, instance_id: spare, config: {base_url: "\(spare.baseURL)", \(config)}}
                """)
            var outcomes: [String: Int] = [:]
            for cut in 0...size {
                length.withLock { $0 = cut }
                session.forget()
                var shown = ""
                do {
                    let result = try await session.execute("Hi") { if case .answer(.blockDelta(_, let text)) = $0 { shown += text } }
                    #expect(shown == (result.provider == "main" ? "Once upon a time." : "Hello."))
                    #expect(session.messages.map(\.content.plainText) == ["Hi", shown])
                    outcomes[result.provider, default: 0] += 1
                } catch let error as ProviderError {
                    #expect(error.partialResponse?.text == shown)
                    #expect(["Once", "Once upon", "Once upon a time."].contains(shown))
                    #expect(session.messages.isEmpty)
                    outcomes["error", default: 0] += 1
                }
            }
            // Each of them comes about; an answer that was not shown can always be replaced.
            #expect(Set(outcomes.keys) == (loop == "loop-basic" ? ["main", "spare"] : ["main", "spare", "error"]))
            await session.close()
        }
    }
}
