import HTTPTransport
import JSON
import Locks
import ProviderKit
import TestSupport
import Testing
import VLLMProvider

@Suite("Behind vllm-router", .timeLimit(.minutes(2)))
struct RouterTests {
    /// A router that answers one call after the other as recorded, and the last one's way from then on.
    private func transport(_ names: [String]) throws -> ScriptedTransport {
        let answers = try names.map { try ScriptedExchange(recording: Recording($0).responseBytes, batchSize: nil) }
        let count = Guarded(0)
        return ScriptedTransport(answering: { _ throws(TransportError) in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return answers[min(number, answers.count) - 1]
        })
    }

    private func provider(_ transport: ScriptedTransport) throws -> VLLMProvider {
        try VLLMProvider(["use_completions": false, "max_retries": 0], transport: transport, sessionID: "s1")
    }

    @Test("its answers are read as those of a server, and a session keeps its name")
    func answer() async throws {
        let transport = try transport(["router_chat_stream"])
        let answer = try await provider(transport).ask("What is 2+2?")
        #expect(answer.finishReason == "stop")
        #expect(!answer.text.isEmpty)
        #expect(transport.requests.allSatisfy { $0.headers["x-session-id"] == "s1" })
    }

    @Test("it is asked again however often its workers fail: that is its own affair")
    func deadWorkers() async throws {
        let failures = Array(repeating: "router_dead_chat", count: 5) + Array(repeating: "router_unhealthy_chat", count: 5)
        let transport = try transport(failures + ["router_chat_stream"])
        let provider = try provider(transport)
        for _ in failures {
            let error = await provider.failure()
            #expect(error?.code == .unavailable)
            #expect(error?.isRetryable == true)
        }
        #expect(try await provider.ask("What is 2+2?").finishReason == "stop")
        #expect(!transport.requests.contains { $0.path == "/health" }, "nothing is probed")
    }

    @Test("a worker that dies in the middle of an answer is told as such, with what had arrived")
    func killedWorker() async throws {
        let error = try await provider(transport(["router_backend_killed_midstream"])).failure()
        #expect(error?.isRetryable == true)
        #expect(error?.partialResponse?.content.isEmpty == false)
    }
}
