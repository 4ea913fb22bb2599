import HostSession
import Locks
import ProviderKit
import TestSupport
import Testing

@Suite("The thread on which answers arrive", .timeLimit(.minutes(1)))
struct ArrivalThreadTests {
    @Test("is where answers are read and told where that is wanted; else it is left alone", arguments: [true, false])
    func reading(isWanted: Bool) async throws {
        let executor = QueueExecutor()
        let provider = ScriptedProvider([.text("Hello"), .text("Bye")], executor: executor)
        try await withTemporaryDirectory { root in
            let session = try Host(root, provider).session()
            for prompt in ["Hi", "And now?"] {
                let places = Guarded<[Bool]>([])
                let options = PromptOptions(readsOnArrivalThread: isWanted)
                let result = try await session.execute(prompt, options: options) { event in
                    if case .answer = event { places.withLock { $0.append(executor.isCurrent) } }
                }
                #expect(result.response.text == (prompt == "Hi" ? "Hello" : "Bye"))
                // The start of the answer is held until something of it is to be shown.
                #expect(places.withLock { $0 } == Array(repeating: isWanted, count: 6))
            }
            #expect(!executor.isCurrent)
            await session.close()
        }
    }

    @Test("is left by a prompt whose answer breaks off, and the next provider answers")
    func failing() async throws {
        let failure = ProviderError(.unavailable, "gone")
        let first = ScriptedProvider([.broken([], failure)], name: "first", priority: 1, executor: QueueExecutor())
        let second = ScriptedProvider([.text("Hello")], name: "second", priority: 2)
        try await withTemporaryDirectory { root in
            let session = try Host(root, [first, second]).session(
                "session: {orchestrator: {module: loop-streaming}}\nproviders: [{module: provider-first}, {module: provider-second}]")
            let result = try await session.execute("Hi", options: PromptOptions(readsOnArrivalThread: true))
            #expect(result.response.text == "Hello")
            #expect(result.provider == "second")
            await session.close()
        }
    }
}
