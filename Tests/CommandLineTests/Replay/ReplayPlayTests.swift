import Glibc
import JSON
import TestSupport
import Testing

@testable import vllm_host

@Suite("replay play", .timeLimit(.minutes(2)))
struct ReplayPlayTests {
    @Test("a session is shown again as text, whole or a part of it, and places that are not there are told")
    func session() async throws {
        try await withTemporaryDirectory { home in
            let recorded = try await HostProcess.run(["run", "--simulator", "--quiet", "What is 2+2?"], home: home)
            let answer = recorded.output
            #expect(!answer.isEmpty)
            let all = try await HostProcess.run(["replay", "play", "last", "--no-wait"], home: home)
            #expect(all.code == 0 && all.errors == "")
            #expect(all.output.hasPrefix("> What is 2+2?\n[call 1: vllm, tiny-chat]\n"))
            #expect(all.output.contains(answer))
            // 1000 times as fast, the whole session takes some milliseconds.
            let timed = try await HostProcess.run(["replay", "play", "--speed", "1000"], home: home)
            #expect(timed.output == all.output)
            let part = try await HostProcess.run(["replay", "play", "last", "--no-wait", "--from", "1"], home: home)
            #expect(part.output.hasPrefix("[call 1: vllm, tiny-chat]\n"))
            let missing = try await HostProcess.run(["replay", "play", "last", "--from", "7"], home: home)
            #expect(missing.code == 65 && missing.errors.contains("has 1 call"))
            let wrong = try await HostProcess.run(["replay", "play", "last", "--from", "soon"], home: home)
            #expect(wrong.code == 64 && wrong.errors.contains("`--from` must be a call's number"))
        }
    }

    @Test(
        "on a terminal, keys pause, step and quit, and the terminal is put back as it was",
        .enabled(if: access("/usr/bin/script", X_OK) == 0, "script(1) makes a terminal"))
    func terminal() async throws {
        try await withTemporaryDirectory { home in
            let recorded = try await HostProcess.run(["run", "--simulator", "--quiet", "What is 2+2?"], home: home)
            #expect(recorded.code == 0)
            try writeFile(
                home + "/play", "stty -g > before; '\(HostProcess.binary)' replay play --speed 0.01; echo $? > code; stty -g > after".utf8)
            // At a hundredth of the speed, the end is not reached before the key is.
            let run = try await HostProcess.shell("printf ' nq' | TERM=xterm script -qec 'bash play' /dev/null", home: home)
            #expect(run.output.contains("> What is 2+2?") && !run.output.contains(recorded.output))
            #expect(try fileText(home + "/code") == "0\n")
            #expect(try fileText(home + "/after") == fileText(home + "/before"))
        }
    }

    @Test("a plan's provider-replay answers a session from a log, and says what it does not know")
    func provider() async throws {
        try await withTemporaryDirectory { home in
            let recorded = try await HostProcess.run(
                ["run", "--simulator", "--json", "--set", "debug=true", "--set", "raw_debug=true", "What is 2+2?"], home: home)
            let log = try #require(recorded.logPath)
            let session = try #require(try recorded.json()["session_id"]?.string)
            try writeFile(home + "/replay.yaml", "providers: [{module: provider-replay, config: {log: \(session)}}]\n".utf8)
            let same = try await HostProcess.run(["run", "-c", "replay.yaml", "--json", "What is 2+2?"], home: home)
            #expect(same.code == 0)
            #expect(try same.json()["text"] == recorded.json()["text"])
            let events = try same.events().compactMap { $0["event"]?.string }
            #expect(events.contains("llm:request") && events.contains("llm:response"))
            let other = try await HostProcess.run(["run", "-c", "replay.yaml", "What is 2+3?"], home: home)
            #expect(other.code == 65)
            #expect(other.errors.contains("the log \(log) has no answer to this request"))
            #expect(other.errors.contains(#"asked "What is 2+3?", recorded "What is 2+2?""#))
        }
    }

    @Test("keys are told from what a terminal sends")
    func keys() {
        #expect(PlaybackKey.keys(in: Array(" n+-q=".utf8)) == [.pause, .step, .faster, .slower, .quit, .faster])
        #expect(PlaybackKey.keys(in: Array("\u{1B}[C\u{1B}OC\u{1B}[D\u{1B}[1;5Cx\u{1B}".utf8)) == [.step, .step, .step])
    }
}
