import JSON
import ProviderKit
import SessionLog
import TestSupport
import Testing
import Timestamps

@testable import Replay

@Suite struct PlaybackTests {
    /// A session of one prompt with a tool, whose log has neither streams nor raw records.
    private static func session(_ folder: String, streams: Bool = false) throws -> RecordedSession {
        let path = folder + "/events.jsonl"
        let writer = try SessionLogWriter(path: path, sessionID: "s", filter: EventFilter(exclude: []))
        func append(_ name: String, _ seconds: Double, _ payload: JSONObject) {
            let start = LogTimestamp(seconds: 1_000_000)
            let whole = Int(seconds)
            writer.append(
                name, payload, at: LogTimestamp(seconds: start.seconds + whole, nanoseconds: Int((seconds - Double(whole)) * 1e9)))
        }
        func call(_ id: String, from start: Double, to end: Double, _ block: JSONValue) {
            let base: JSONObject = ["provider": "vllm", "model": "m", "request_id": .string(id)]
            append(EventName.providerRequest, start, base)
            append(EventName.llmRequest, start, base)
            if streams, let text = block["text"]?.string {
                for (index, letter) in text.enumerated() {
                    var delta = base
                    delta.merge(["block_index": 0, "block_type": "text", "sequence": .integer(index), "text": .string(String(letter))])
                    append(EventName.llmStreamBlockDelta, start + 0.1 * Double(index + 1), delta)
                }
            }
            var response = base
            response.merge(["status": "ok", "duration_ms": .double((end - start) * 1000), "finish_reason": "stop"])
            append(EventName.llmResponse, end, response)
            append(EventName.providerResponse, end, base)
            append(EventName.contentBlockEnd, end, ["block_index": 0, "total_blocks": 1, "block": block])
        }
        append(EventName.sessionStart, 0, [:])
        append(EventName.promptSubmit, 60, ["prompt": "Weather?"])
        call("1", from: 60, to: 61, ["type": "tool_call", "id": "c", "name": "weather", "arguments": ["city": "Paris"]])
        append(EventName.toolPre, 61, ["tool_name": "weather", "tool_call_id": "c", "tool_input": ["city": "Paris"]])
        append(EventName.toolPost, 62, ["tool_name": "weather", "tool_call_id": "c", "result": "sunny"])
        call("2", from: 62, to: 64, ["type": "text", "text": "It is sunny"])
        append(EventName.promptComplete, 64, ["length": 11])
        writer.close()
        return try RecordedSession.read(log: path)
    }

    @Test("a log without streams is played in its order, the text spread over the time that the answer took")
    func order() throws {
        try withTemporaryDirectory { folder in
            let playback = Playback(try Self.session(folder))
            #expect(
                playback.events.map(\.kind) == [
                    .prompt("Weather?"), .callStarted("vllm, m"), .callEnded("stop, 1.00 s"),
                    .toolCall(name: "weather", input: #"{"city":"Paris"}"#),
                    .toolResult(name: "weather", output: "sunny", hasFailed: false), .callStarted("vllm, m"), .text("It"), .text(" is"),
                    .text(" sunny"), .blockEnded, .callEnded("stop, 2.00 s"),
                ])
            let texts = playback.events.filter { if case .text = $0.kind { true } else { false } }.map(\.time)
            #expect(texts.first == .seconds(62) && texts.last.map { $0 < .seconds(64) } == true)
            #expect(playback.events.last?.time == .seconds(64))
        }
    }

    @Test("streamed text comes when it came")
    func streamed() throws {
        try withTemporaryDirectory { folder in
            let playback = Playback(try Self.session(folder, streams: true))
            let pieces = playback.events.compactMap { event -> (String, Duration)? in
                if case .text(let text) = event.kind { (text, event.time) } else { nil }
            }
            #expect(pieces.map(\.0) == "It is sunny".map { String($0) })
            #expect(abs((pieces[4].1 - .seconds(62)) / .milliseconds(1) - 500) < 1)
        }
    }

    @Test("a part is chosen by the numbers of calls, by times from the beginning, and by dates")
    func parts() throws {
        try withTemporaryDirectory { folder in
            let playback = Playback(try Self.session(folder))
            let second = try #require(playback.events(from: PlaybackPosition("2"), to: PlaybackPosition("2")))
            #expect(second.first?.kind == .callStarted("vllm, m") && second.count == 6)
            let tool = try #require(playback.events(from: PlaybackPosition("1:01"), to: PlaybackPosition("61.5s")))
            #expect(tool.first?.kind == .callEnded("stop, 1.00 s") && tool.count == 2)
            let dated = LogTimestamp(seconds: 1_000_064).description
            #expect(playback.events(from: PlaybackPosition(dated), to: nil)?.map(\.kind) == [.callEnded("stop, 2.00 s")])
            #expect(playback.events(from: PlaybackPosition("3"), to: nil) == nil)
            // From the end to the beginning there is nothing.
            #expect(playback.events(from: PlaybackPosition("2"), to: PlaybackPosition("1")) == [])
        }
    }

    @Test("places that are none are not understood", arguments: ["0", "-1", "soon", "1:2:3:4", "1:x", "s", "1e400s", "nan", "-5s"])
    func noPlace(_ text: String) {
        #expect(PlaybackPosition(text) == nil)
    }
}

@Suite struct PlaybackScheduleTests {
    private let start = ContinuousClock.now

    private func event(_ seconds: Int, _ kind: PlaybackEvent.Kind) -> PlaybackEvent { PlaybackEvent(time: .seconds(seconds), kind: kind) }

    private var events: [PlaybackEvent] {
        [event(100, .callStarted("")), event(104, .text("a")), event(108, .text("b")), event(110, .blockEnded), event(112, .callEnded(""))]
    }

    @Test("events are shown when they are due, at the speed that is asked for, whatever the time at which the log begins")
    func due() {
        var schedule = PlaybackSchedule(events, speed: 4, now: start)
        #expect(schedule.next(now: start) == .show([events[0]]))
        #expect(schedule.next(now: start) == .wait(until: start + .seconds(1)))
        #expect(schedule.next(now: start + .milliseconds(2100)) == .show([events[1], events[2]]))
        schedule.changeSpeed(by: 0.5, now: start + .milliseconds(2100))
        // 8.4 s have been played; 1.6 s are left at twice the speed.
        #expect(schedule.next(now: start + .milliseconds(2100)) == .wait(until: start + .milliseconds(2900)))
        #expect(schedule.next(now: start + .seconds(9)) == .show([events[3], events[4]]))
        #expect(schedule.next(now: start + .seconds(9)) == .over)
    }

    @Test("a pause stands still for as long as it likes, and a step shows what goes together")
    func pausing() {
        var schedule = PlaybackSchedule(events, now: start)
        #expect(schedule.next(now: start) == .show([events[0]]))
        schedule.togglePause(now: start + .seconds(1))
        #expect(schedule.next(now: start + .seconds(100)) == .paused)
        schedule.togglePause(now: start + .seconds(100))
        #expect(schedule.next(now: start + .seconds(100)) == .wait(until: start + .seconds(103)))
        schedule.step(now: start + .seconds(100))
        #expect(schedule.next(now: start + .seconds(100)) == .show(Array(events[1...3])))
        #expect(schedule.next(now: start + .seconds(200)) == .paused)
        schedule.togglePause(now: start + .seconds(200))
        #expect(schedule.next(now: start + .seconds(200)) == .wait(until: start + .seconds(202)))
    }

    @Test("nobody waits for a person who was thinking, nor for anything where nothing is waited for")
    func waiting() {
        let prompts = [event(0, .prompt("a")), event(3600, .prompt("b"))]
        var schedule = PlaybackSchedule(prompts, now: start)
        #expect(schedule.next(now: start) == .show([prompts[0]]))
        #expect(schedule.next(now: start) == .wait(until: start + .seconds(2)))
        var all = PlaybackSchedule(events, waits: false, now: start)
        #expect(all.next(now: start) == .show(events))
        #expect(all.next(now: start) == .over)
    }
}
