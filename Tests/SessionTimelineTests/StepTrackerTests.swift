import ProviderKit
import SessionLog
import SessionTimeline
import TestSupport
import Testing

struct StepTrackerTests {
    /// What a tracker gives out for a log, record by record.
    private func steps(_ path: String, maximumOpenCount: Int = 1024) throws -> [[StepTracker.Finished]] {
        var tracker = StepTracker(keepsContents: true, maximumOpenCount: maximumOpenCount)
        let steps = try SessionLogReader.contents(of: path, unpacksContents: true).records.map { tracker.add($0) }
        return steps + [tracker.finish()]
    }

    private func calls(_ steps: [StepTracker.Finished]) -> [ProviderCall] {
        steps.compactMap { if case .call(let call) = $0.step { call } else { nil } }
    }

    @Test(arguments: ["tools", "retries", "error", "amplifier", "amplifier-error"])
    func `what is given out step by step is what the timeline has`(name: String) throws {
        let timeline = try SessionTimeline.read(log: log(name))
        let steps = try steps(log(name)).flatMap(\.self)
        let calls = calls(steps)
        #expect(calls.map(\.requestID) == timeline.calls.map(\.requestID))
        #expect(calls.map(\.usage) == timeline.calls.map(\.usage) && calls.map(\.duration) == timeline.calls.map(\.duration))
        #expect(calls.map(\.lines) == timeline.calls.map(\.lines) && calls.map(\.blocks) == timeline.calls.map(\.blocks))
        let tools = steps.compactMap { if case .tool(let run) = $0.step { run.name } else { nil } }
        #expect(tools == timeline.turns.flatMap(\.tools).map(\.name))
        let turns = steps.compactMap { if case .turn(let turn) = $0.step { turn } else { nil } }
        #expect(turns.map(\.prompt) == timeline.turns.map(\.prompt) && turns.map(\.status) == timeline.turns.map(\.status))
        for (number, turn) in timeline.turns.enumerated() {
            let steps = steps.filter { $0.turn.number == number }
            #expect(steps.count == turn.steps.count + 1)
        }
    }

    @Test func `a call is given out once something else begins, and not at the end of the log alone`() throws {
        let given = try steps(log("tools")).map { calls($0).count }
        // Behind the tool's call comes the tool; behind the answer the end of the prompt.
        #expect(given.firstIndex(of: 1) == 21)
        #expect(given.last == 0 && given.reduce(0, +) == 2)
    }

    @Test func `a log without an end keeps no more open than there may be`() throws {
        let lines = (0..<50).flatMap { number in
            [
                line(1, "llm:request", #""request_id": "\#(number)", "session_id": "s""#),
                line(1, "tool:pre", #""session_id": "s""#, #""tool_name": "t\#(number)""#),
                line(1, "prompt:submit", #""session_id": "\#(number)""#),
            ]
        }
        let given = try withLog(lines) { try steps($0, maximumOpenCount: 10) }
        #expect(given.map(\.count).max() ?? 0 <= 24)
        let all = given.flatMap(\.self)
        #expect(calls(all).count == 50 && calls(all).allSatisfy { $0.status == .unfinished })
        #expect(all.count >= 150)
    }
}
