import JSON
import ProviderKit
import SessionLog
import SessionTimeline
import TestSupport
import Testing
import Timestamps

struct SessionStatisticsTests {
    private func statistics(
        _ lines: [String], by grouping: SessionStatistics.Grouping? = nil, _ filter: CallFilter = CallFilter()
    ) throws -> SessionStatistics {
        var statistics = SessionStatistics(grouping: grouping, filter: filter)
        try withLog(lines) { try add($0, to: &statistics) }
        return statistics
    }

    private func add(_ path: String, to statistics: inout SessionStatistics) throws {
        var reader = try SessionLogReader(path: path, query: SessionStatistics.query)
        while let line = try reader.next() {
            switch line {
            case .record(let record): statistics.add(record)
            case .skipped: statistics.skip()
            }
        }
        statistics.endLog(lineCount: reader.lineCount)
    }

    /// A call that began at `second`.
    private func call(_ id: String, at second: Int, model: String = "m", _ response: String, _ data: String = "") -> [String] {
        [
            line(
                second, "llm:request", #""request_id": "\#(id)", "session_id": "s""#,
                #""model": "\#(model)", "provider": "p", "stream": true"#),
            line(second + 1, "llm:response", #""request_id": "\#(id)", "session_id": "s", \#(response)"#, data),
        ]
    }

    @Test func `calls, tokens, times, retries and tools of real sessions are counted`() throws {
        var statistics = SessionStatistics(grouping: .model)
        for name in ["tools", "retries", "error", "amplifier"] { try add(log(name), to: &statistics) }
        #expect(statistics.logCount == 4 && statistics.sessionCount == 4)
        #expect(statistics.recordCount == 54 + 19 + 9 + 76 && statistics.skippedCount == 0)
        #expect(statistics.promptCount == 5)
        let calls = statistics.calls
        #expect(calls.counts == [.ok: 6, .error: 1])
        #expect(calls.usage.inputTokens == 681 && calls.usage.outputTokens == 154)
        #expect(calls.duration.count == 7 && calls.timeToFirstToken.count == 6 && calls.timePerOutputToken.count == 6)
        #expect(calls.retryCount == 2 && calls.retriedCount == 1)
        #expect(calls.retriedErrors.counts == ["ProviderUnavailableError": 2] && calls.errors.counts == ["NetworkError": 1])
        #expect(calls.finishReasons.counts == ["tool_calls": 2, "stop": 4])
        // The texts of streams are in two of the logs.
        #expect(calls.interTokenLatency.count > 20)
        #expect(statistics.tools["get_weather"]?.count == 2 && statistics.tools["get_weather"]?.failureCount == 0)
        #expect(statistics.groups["tiny-chat"]?.count == 6 && statistics.groups["unknown"]?.count == 1)
        #expect(calls.cost == nil && calls.countWithoutCost == 6)
    }

    @Test func `the time of a token is the rest of the call over the rest of the tokens`() throws {
        let calls = try statistics(
            call(
                "1", at: 1, #""status": "ok", "duration_ms": 1100"#,
                #""time_to_first_token_ms": 100, "usage": {"input_tokens": 5, "output_tokens": 11}"#)
                // One token alone has none behind it.
                + call(
                    "2", at: 3, #""status": "ok", "duration_ms": 900"#,
                    #""time_to_first_token_ms": 100, "usage": {"input_tokens": 5, "output_tokens": 1}"#)
        ).calls
        let mean = try #require(calls.timePerOutputToken.mean)
        #expect(calls.timePerOutputToken.count == 1 && abs(mean - 0.1) < 1e-9)
        #expect(calls.timeToFirstToken.count == 2 && calls.duration.maximum == 1.1)
        #expect(calls.outputTokensPerSecond == 6)
    }

    @Test func `the pause before another attempt is no token's time, and blocks that stream at once are told apart`() throws {
        // A piece of a block: the second, its event, the block's number.
        let intervals = { (records: [(Int, String, Int)]) in
            let lines = records.map { second, event, block in
                line(second, event, #""request_id": "1", "session_id": "s""#, event == "provider:retry" ? "" : #""block_index": \#(block)"#)
            }
            let ask = line(1, "llm:request", #""request_id": "1", "session_id": "s""#)
            let sketch = try statistics([ask] + lines).calls.interTokenLatency
            return [sketch.count] + [sketch.minimum, sketch.maximum].map { Int($0 ?? -1) }
        }
        let (start, delta) = ("llm:stream_block_start", "llm:stream_block_delta")
        // What was given up does not count; nor does the pause, should the answer go on where it broke off.
        let repeated = [
            (2, start, 0), (2, delta, 0), (5, delta, 0), (6, "provider:retry", 0), (30, start, 0), (30, delta, 0), (31, delta, 0),
            (32, delta, 0),
        ]
        #expect(try intervals(repeated) == [2, 1, 1])
        #expect(
            try intervals([(2, start, 0), (2, delta, 0), (4, delta, 0), (5, "provider:retry", 0), (30, delta, 0), (32, delta, 0)]) == [
                2, 2, 2,
            ])
        // Two answers at once: each has its own pace.
        let both = [(2, start, 0), (2, start, 1), (2, delta, 0), (3, delta, 1), (4, delta, 0), (5, delta, 1), (6, delta, 0), (7, delta, 1)]
        #expect(try intervals(both) == [4, 2, 2])
    }

    @Test(arguments: ["tools", "retries", "error", "amplifier", "amplifier-error", "told by the loop"])
    func `what is counted without reading all is what the timeline has`(name: String) throws {
        // Loops of other hosts tell what a call took with its blocks alone.
        let ofLoop = [
            line(1, "provider:request", #""session_id": "s""#), line(1, "llm:request", #""session_id": "s", "request_id": "1""#),
            line(2, "llm:response", #""session_id": "s", "request_id": "1", "status": "ok""#),
            line(2, "provider:response", #""session_id": "s""#),
            line(
                3, "content_block:end", #""session_id": "s""#,
                #""block": {"type": "text", "text": "hi"}, "usage": {"input_tokens": 1000, "output_tokens": 500}"#),
        ]
        let lines = name == "told by the loop" ? ofLoop : try fileText(log(name)).split(separator: "\n").map(String.init)
        let counted = try statistics(lines).calls
        var whole = CallStatistics()
        for call in try timeline(lines).calls { whole.add(call) }
        #expect(counted.json == whole.json)
        #expect(name != "told by the loop" || counted.usage.inputTokens == 1000)
    }

    @Test func `costs are added exactly, and what is unknown is not free`() throws {
        let priced = { (id: String, cost: String) in
            call(id, at: 1, #""status": "ok""#, #""usage": {"input_tokens": 1, "output_tokens": 1, "cost_usd": \#(cost)}"#)
        }
        let known = try statistics(priced("1", #""0.1""#) + priced("2", #""0.2""#)).calls
        #expect(known.cost == "0.3" && known.countWithoutCost == 0)
        let some = try statistics(priced("1", #""0.1""#) + priced("2", "null") + priced("3", #""much""#)).calls
        #expect(some.cost == "0.1" && some.countWithoutCost == 2)
        let none = try statistics(priced("1", "null")).calls
        #expect(none.cost == nil && none.countWithoutCost == 1)
    }

    @Test func `only what the filter lets through is counted, and groups are told apart`() throws {
        let lines =
            call("1", at: 1, model: "Qwen-3", #""status": "ok""#) + call("2", at: 10, model: "llama", #""status": "error", "error": "e""#)
            + [line(20, "tool:pre", #""session_id": "s""#, #""tool_name": "t""#)]
        let filter = { (since: String?, until: String?, model: String?) in
            CallFilter(since: since.flatMap { LogTimestamp($0) }, until: until.flatMap { LogTimestamp($0) }, model: model)
        }
        #expect(try statistics(lines, by: .model).groups.mapValues(\.count) == ["Qwen-3": 1, "llama": 1])
        #expect(try statistics(lines, by: .day).groups.mapValues(\.count) == ["2026-11-21": 2])
        let qwen = try statistics(lines, filter(nil, nil, "qwen"))
        #expect(qwen.calls.count == 1 && qwen.tools.isEmpty && qwen.recordCount == 5)
        let late = try statistics(lines, filter("2026-11-21T10:00:10Z", nil, nil))
        #expect(late.calls.counts == [.error: 1] && late.tools["t"]?.unfinishedCount == 1)
        #expect(try statistics(lines, filter(nil, "2026-11-21T10:00:10Z", nil)).calls.counts == [.ok: 1])
    }

    @Test func `lines that are no records and records that were lost are told`() throws {
        let statistics = try statistics(["garbage", line(1, "log:dropped", "", #""count": 7"#), "{", line(2, "unknown:event")])
        #expect(statistics.skippedCount == 2 && statistics.recordCount == 2 && statistics.droppedCount == 7)
        #expect(statistics.end?.description == "2026-11-21T10:00:02.000000000+00:00")
    }

    @Test func `a machine gets every figure, and null where there is none`() throws {
        let json = try statistics(call("1", at: 1, #""status": "ok", "duration_ms": 250"#), by: .provider).json
        let calls = try #require(json["calls"])
        #expect(calls["count"] == 1 && calls["ok"] == 1 && calls["error"] == 0)
        #expect(calls["duration_ms"]?["p99"] == 250.0 && calls["duration_ms"]?["count"] == 1)
        #expect(calls["time_to_first_token_ms"]?.isNull == true && calls["cost_usd"]?.isNull == true)
        #expect(json["groups"]?[0]?["provider"] == "p" && json["tools"] == [])
    }
}
