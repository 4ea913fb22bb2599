import Configuration
import JSON
import ProviderKit
import Replay
import SessionLog
import TestSupport
import Testing

@Suite struct RecordModeTests {
    @Test("once records where there is no log, and later asks nobody")
    func once() async throws {
        try await withTemporaryDirectory { folder in
            let log = folder + "/cassette.jsonl"
            let inner = CountingProvider()
            let recording = try ReplayProvider(log, ["record_mode": "once"], inner: inner)
            #expect(await recording.says("a") == "answer 1")
            // An answer that was recorded just now is not played: what is recorded is what a server says to each question.
            #expect(await recording.says("a") == "answer 2")
            #expect(await recording.says("b") == "answer 3")
            await recording.close()

            let playing = try ReplayProvider(log, ["record_mode": "once"], inner: inner)
            #expect(await playing.says("b") == "answer 3")
            #expect(await playing.says("a") == "answer 1")
            #expect(await playing.says("a") == "answer 2")
            // The last one again.
            #expect(await playing.says("a") == "answer 2")
            #expect(await playing.says("c").contains("no answer to this request"))
            await playing.close()
            #expect(inner.calls == 3)
        }
    }

    @Test("new plays what it knows and records the rest; all asks for everything, and its answers take the place of those before")
    func newAndAll() async throws {
        try await withTemporaryDirectory { folder in
            let log = folder + "/cassette.jsonl"
            let inner = CountingProvider()
            let first = try ReplayProvider(log, ["record_mode": "new"], inner: inner, sessionID: "first")
            #expect(await first.says("a") == "answer 1")
            await first.close()
            let second = try ReplayProvider(log, ["record_mode": "new"], inner: inner, sessionID: "second")
            #expect(await second.says("a") == "answer 1")
            #expect(await second.says("b") == "answer 2")
            await second.close()
            let third = try ReplayProvider(log, ["record_mode": "all"], inner: inner, sessionID: "third")
            #expect(await third.says("a") == "answer 3")
            #expect(await third.says("a") == "answer 4")
            await third.close()

            let replay = try ReplayProvider(log)
            #expect(await replay.says("a") == "answer 3")
            #expect(await replay.says("a") == "answer 4")
            #expect(await replay.says("b") == "answer 2")
            #expect(inner.calls == 4)
        }
    }

    @Test("a log gives each answer once where it may not repeat them, and says so")
    func withoutRepeats() async throws {
        try await withTemporaryDirectory { folder in
            let log = folder + "/cassette.jsonl"
            let recording = try ReplayProvider(log, ["record_mode": "once"], inner: CountingProvider())
            _ = await recording.says("a")
            await recording.close()
            let replay = try ReplayProvider(log, ["repeat": false])
            #expect(await replay.says("a") == "answer 1")
            #expect(await replay.says("a").contains("has 1 answer to this request"))
        }
    }

    @Test("errors of a server are recorded with what had arrived, and failures that say nothing of the request are not")
    func errors() async throws {
        try await withTemporaryDirectory { folder in
            let log = folder + "/cassette.jsonl"
            let refused = ProviderError(.invalidRequest, "refused", provider: "counting", status: 400)
            let inner = CountingProvider(failures: [1: refused, 2: ProviderError(.network, "no route"), 3: ProviderError(.cancelled, "no")])
            let recording = try ReplayProvider(log, ["record_mode": "new"], inner: inner)
            #expect(await recording.says("a") == "refused")
            #expect(await recording.says("b") == "no route")
            #expect(await recording.says("c") == "no")
            await recording.close()
            let replay = try ReplayProvider(log)
            do throws(ProviderError) {
                _ = try await replay.complete(ChatRequest(messages: [.user("a")]))
                Issue.record("it did not fail")
            } catch {
                #expect(error.json.text == refused.json.text)
            }
            #expect(await replay.says("b").contains("no answer"))
            #expect(await replay.says("c").contains("no answer"))
        }
    }

    @Test("a question that quotes the key is found again, by whoever has the key and by whoever has another")
    func secrets() async throws {
        try await withTemporaryDirectory { folder in
            let log = folder + "/cassette.jsonl"
            let inner = CountingProvider()
            for _ in 0..<2 {
                let configuration: JSONValue = ["log": .string(log), "record_mode": "new", "provider": ["module": "provider-counting"]]
                let provider = try ReplayProvider(
                    configuration: ConfigurationNode(json: configuration, origin: .default), context: ProviderContext()
                ) { _, context in
                    context.keepSecret("correct-horse-battery")
                    return inner
                }
                #expect(await provider.says("Is correct-horse-battery good?") == "answer 1")
                await provider.close()
            }
            #expect(inner.calls == 1)
            #expect(try !fileText(log).contains("correct-horse"))
            let replay = try ReplayProvider(log)
            #expect(await replay.says("Is other-horse-battery good?") == "answer 1")
            #expect(await replay.says("Is correct-horse-battery bad?").contains("no answer"))
        }
    }

    @Test("several sessions record in one log at once, and all of it is there")
    func concurrent() async throws {
        try await withTemporaryDirectory { folder in
            let log = folder + "/cassette.jsonl"
            await withTaskGroup(of: Void.self) { group in
                for session in 0..<8 {
                    group.addTask {
                        guard
                            let provider = try? ReplayProvider(
                                log, ["record_mode": "new"], inner: CountingProvider(), sessionID: "session-\(session)")
                        else { return }
                        for question in 0..<5 { _ = await provider.says("\(session).\(question)") }
                        await provider.close()
                    }
                }
            }
            let replay = try ReplayProvider(log)
            for session in 0..<8 {
                for question in 0..<5 { #expect(await replay.says("\(session).\(question)") == "answer \(question + 1)") }
            }
        }
    }

    @Test("a log that a crash has cut gives what is whole")
    func torn() async throws {
        try await withTemporaryDirectory { folder in
            let log = folder + "/cassette.jsonl"
            let recording = try ReplayProvider(log, ["record_mode": "once"], inner: CountingProvider())
            _ = await recording.says("a")
            _ = await recording.says("b")
            await recording.close()
            let text = try fileText(log)
            let lines = text.split(separator: "\n")
            let place = try #require(lines.lastIndex { $0.contains("llm:response:raw") })
            let cut = lines[..<place].joined(separator: "\n") + "\n" + lines[place].prefix(80)
            try writeFile(log, Array(cut.utf8))
            let replay = try ReplayProvider(log)
            #expect(await replay.says("a") == "answer 1")
            #expect(await replay.says("b").contains("no answer"))
        }
    }

    @Test("the log is said to be missing when the provider is mounted, and what a mode needs is asked for")
    func configuration() throws {
        #expect(throws: ConfigurationError.self) { try ReplayProvider("/nowhere/events.jsonl") }
        let error = #expect(throws: ConfigurationError.self) { try ReplayProvider("/nowhere/events.jsonl", ["record_mode": "new"]) }
        #expect(error?.description.contains("record_mode new needs a provider to ask") == true)
    }
}
