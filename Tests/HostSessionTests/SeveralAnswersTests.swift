import HostSession
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMSimulator

@Suite("Several answers to one prompt")
struct SeveralAnswersTests {
    private func session(_ simulator: VLLMSimulator, _ endpoint: String, _ root: String, tools: [any HostTool] = []) throws -> HostSession {
        let settings = "{base_url: \"\(simulator.baseURL)\", use_completions: \(endpoint == "/tokenize"), n: 2}"
        return try Host(root).session("providers: [{module: provider-vllm, config: \(settings)}]", tools: tools)
    }

    /// The messages of the requests, as the model gets them.
    private func conversations(_ simulator: VLLMSimulator, _ endpoint: String) -> [[JSONValue]] {
        simulator.requests.filter { $0.path == endpoint }.compactMap { $0.json?["messages"]?.array }
    }

    @Test("the conversation goes on with the first", arguments: ["/v1/chat/completions", "/tokenize"])
    func text(endpoint: String) async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { root in
            let session = try session(simulator, endpoint, root)
            let result = try await session.execute("What is 2+2?")
            #expect(result.response.content.map(\.choice).max() == 1)
            _ = try await session.execute("What is 2+2?")
            let turns = try #require(conversations(simulator, endpoint).last)
            #expect(turns.count == 3)
            let first = result.response.content.filter { $0.choice == 0 }.compactMap(\.text)
            #expect(turns[1]["content"]?.string == first.joined())
            await session.close()
        }
    }

    @Test("the calls of the first are run, and they alone go back to the model", arguments: ["/v1/chat/completions", "/tokenize"])
    func calls(endpoint: String) async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { root in
            let weather = TestTool("get_weather") { _ in ["temperature": 18, "condition": "sunny"] }
            let session = try session(simulator, endpoint, root, tools: [weather])
            let result = try await session.execute("What is the weather in Paris?")
            #expect(result.responses.first?.content.count { $0.toolCall != nil } == 2)
            let turns = try #require(conversations(simulator, endpoint).last)
            #expect(turns.map { $0["role"]?.string } == ["user", "assistant", "tool"])
            #expect(turns[1]["tool_calls"]?.array?.count == 1)
            await session.close()
        }
    }

    @Test("of answers that were cancelled, the first is kept")
    func cancelled() async throws {
        try await withTemporaryDirectory { root in
            let other = ContentBlock.text(TextBlock("Tails", additional: ["choice": 1]))
            let provider = ScriptedProvider([.waiting([.text(TextBlock("Heads")), other])])
            let session = try Host(root, provider).session()
            let (shown, show) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                _ = try await session.execute("Flip a coin.") { event in
                    if case .answer(.blockEnded(1, _)) = event { show.yield() }
                }
            }
            for await _ in shown { break }
            task.cancel()
            await #expect(throws: ProviderError.self) { try await task.value }
            #expect(session.messages.map(\.content.plainText) == ["Flip a coin.", "Heads"])
        }
    }
}
