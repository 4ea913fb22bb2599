import Glibc
import JSON
import Locks
import TestSupport
import Testing
import VLLMSimulator

@Suite("vllm-host is interrupted or killed", .timeLimit(.minutes(2)))
struct InterruptTests {
    private static func chunk(_ text: String) -> String {
        #"{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"\#(text)"},"finish_reason":null}]}"#
    }

    /// A simulator that answers requests for `path` as `answer` says, tells the first of them, and how it ended.
    private static func simulator(
        _ path: String, _ answer: SimulatedResponse
    ) throws -> (VLLMSimulator, received: AsyncStream<Void>, ends: AsyncStream<Bool>) {
        let (received, receive) = AsyncStream.makeStream(of: Void.self)
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        var options = VLLMSimulator.Options(respond: { $0.path == path ? answer : nil })
        options.maxModelLength = 1_000_000
        options.observe = { event in
            switch event {
            case .received(let request) where request.path == path: receive.yield()
            case .finished(let request, let isComplete) where request.path == path: end.yield(isComplete)
            default: break
            }
        }
        return (try VLLMSimulator(options: options), received, ends)
    }

    @Test(
        "whatever it waits for, a signal ends it with the signal's code, the server sees it leave, and the log ends as cancelled",
        arguments: ["/v1/models", "/tokenize", "/v1/completions"], [SIGINT, SIGTERM])
    func waiting(path: String, signal: Int32) async throws {
        var silence = SimulatedResponse(parts: [])
        silence.before = [.hang]
        let (simulator, received, ends) = try Self.simulator(path, silence)
        defer { simulator.stop() }
        try await withTemporaryDirectory { home in
            let (processes, process) = AsyncStream.makeStream(of: Int32.self)
            async let run = HostProcess.run(
                ["run", "--base-url", simulator.baseURL, "What is 2+2?"], home: home, onStart: { process.yield($0) })
            for await _ in received { break }
            for await identifier in processes {
                kill(identifier, signal)
                break
            }
            let ended = try await run
            #expect(ended.code == 128 + signal)
            #expect(ended.output == "")
            let events = try ended.events()
            // The models are asked for before there is a call.
            let ends = ["llm:response", "prompt:complete", "session:end"].suffix(path == "/v1/models" ? 2 : 3)
            let told = events.filter { ends.contains($0["event"]?.string ?? "") }
            #expect(told.map { $0["event"]?.string } == Array(ends))
            #expect(told.allSatisfy { $0["status"] == "cancelled" })
            #expect(events.last?["event"] == "session:end")
        }
        for await isComplete in ends {
            #expect(!isComplete)
            break
        }
    }

    @Test("in the middle of an answer the server sees it leave, also where standard output breaks at the same moment")
    func brokenOutput() async throws {
        let (simulator, _, ends) = try Self.simulator("/v1/chat/completions", .events([Self.chunk("Once upon")], ending: [.hang]))
        defer { simulator.stop() }
        try await withTemporaryDirectory { home in
            // The reader is gone when the signal comes, as those behind a pipe are that Ctrl-C has ended, too.
            let run = try await HostProcess.shell(
                """
                mkfifo pipe
                '\(HostProcess.binary)' run --base-url \(simulator.baseURL) --endpoint chat -q 'Tell me a story.' > pipe &
                head -c 4 pipe
                kill -TERM $!
                wait $!
                """, home: home)
            #expect(run.code == 143)
            #expect(run.output == "Once")
            let log = try await HostProcess.shell("cat .amplifier/projects/*/sessions/*/events.jsonl", home: home)
            let events = try log.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
            #expect(events.first { $0["event"] == "prompt:complete" }?["data"]?["response_preview"] == "Once upon")
            #expect(events.last?["event"] == "session:end")
            #expect(events.last?["status"] == "cancelled")
        }
        for await isComplete in ends {
            #expect(!isComplete)
            break
        }
    }

    @Test("a second signal ends it at once, although nobody reads its output, and the log ends as cancelled")
    func stuckOutput() async throws {
        // After its patience of ten seconds it ends all the same. A slow machine may take as long to end it at once, but not each time.
        var isQuick = false
        for _ in 0..<5 where !isQuick { isQuick = try await endsStuckOutput() < 10_000 }
        #expect(isQuick)
    }

    /// Ends a run whose output is stuck by two signals, and returns how many milliseconds after the first of them it was over.
    private func endsStuckOutput() async throws -> Int {
        let flood = Array(repeating: Self.chunk(String(repeating: "x", count: 4096)), count: 64)
        let (simulator, _, _) = try Self.simulator("/v1/chat/completions", .events(flood, ending: [.hang]))
        defer { simulator.stop() }
        return try await withTemporaryDirectory { home in
            #expect(mkfifo(home + "/pipe", 0o600) == 0)
            let pipe = open(home + "/pipe", O_RDWR | O_CLOEXEC)
            defer { close(pipe) }
            let run = try await HostProcess.shell(
                """
                '\(HostProcess.binary)' run --base-url \(simulator.baseURL) --endpoint chat 'Tell me a story.' > pipe &
                # The pipe is full: what the program writes next, it waits with.
                until grep -q pipe_write /proc/$!/task/*/wchan /proc/$!/task/*/stack 2>/dev/null || [ "$((tries += 1))" -gt 40 ]; do
                    sleep 0.05
                done
                start=$(date +%s%3N)
                kill -TERM $!
                # Two signals at a time are one: the second is for when the first has been taken.
                while grep -q '^ShdPnd:.*[1-9a-f]' /proc/$!/status; do sleep 0.01; done
                kill -TERM $!
                wait $!
                code=$?
                echo $(($(date +%s%3N) - start))
                exit $code
                """, home: home)
            #expect(run.code == 143)
            let log = try await HostProcess.shell("tail -n 1 .amplifier/projects/*/sessions/*/events.jsonl", home: home)
            let end = try log.json()
            #expect(end["event"] == "session:end")
            #expect(end["status"] == "cancelled")
            return try #require(Int(run.output.filter(\.isNumber)))
        }
    }

    @Test("kill -9 at any moment leaves a log of whole lines, of which only the last may be cut", arguments: 0..<8)
    func killed(round: Int) async throws {
        let stream = Array(repeating: Self.chunk(String(repeating: "x", count: 400)), count: 2000)
        let (simulator, _, _) = try Self.simulator("/v1/chat/completions", .events(stream, ending: [.hang]))
        defer { simulator.stop() }
        try await withTemporaryDirectory { home in
            // Everything is logged, so that there is always something being written: many small records, and a few of hundreds of kilobytes.
            let plan = """
                providers: [{module: provider-vllm, config: {use_completions: false, debug: true, raw_debug: true, max_tokens: 100}}]
                hooks: [{module: hooks-logging, config: {exclude_events: []}}]
                """
            try writeFile(home + "/plan.yaml", plan.utf8)
            let prompt = String(repeating: "long ", count: 60_000)
            let kill: @Sendable (Int32) -> Void = { identifier in
                usleep(.random(in: 0..<(round % 2 == 0 ? 60_000 : 300_000)))
                Glibc.kill(identifier, SIGKILL)
            }
            let run = try await HostProcess.run(
                ["run", "--config", "plan.yaml", "--base-url", simulator.baseURL, "-"], input: prompt,
                home: home, onStart: round % 2 == 0 ? nil : kill, onOutput: round % 2 == 0 ? kill : nil)
            #expect(run.code == 128 + SIGKILL)
            let log = try await HostProcess.shell("cat .amplifier/projects/*/sessions/*/events.jsonl || true", home: home).output
            var lines = log.split(separator: "\n", omittingEmptySubsequences: false)
            // What stands behind the last line feed: nothing, or a line that was cut.
            _ = lines.popLast()
            for line in lines { #expect(try JSONValue(parsing: String(line))["event"]?.string != nil) }
            // Before there was output, the question was asked, and what is queued is written as soon as the last write is done.
            if round % 2 == 0 { #expect(lines.count > 3) }
        }
    }
}
