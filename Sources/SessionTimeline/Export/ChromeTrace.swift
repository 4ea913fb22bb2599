import JSON
import ProviderKit
import Timestamps

/// The trace event format of Chrome's tracing, which Perfetto and `chrome://tracing` read: a process for each session, threads for its prompts,
/// its calls and its runs of tools. What overlaps is on several threads. Times are in microseconds since 1970.
struct ChromeTrace: ExportForm {
    private enum Kind: Int, CaseIterable {
        case prompts = 1
        case calls
        case tools
    }

    /// Where in a session's thread, and up to when, something is.
    private struct Session {
        let number: Int
        var lanes: [Kind: [LogTimestamp]] = [:]
    }

    /// More of one kind at once are drawn over each other.
    private static let maximumLaneCount = 64
    /// Of more sessions than this the threads of the first ones begin anew.
    private static let maximumSessionCount = 4096

    private let includesContents: Bool
    private var sessions: [String: Session] = [:]
    private var sessionCount = 0
    private var isFirst = true

    init(includesContents: Bool) {
        self.includesContents = includesContents
    }

    mutating func begin() -> String { #"{"displayTimeUnit":"ms","traceEvents":["# }

    mutating func end() -> String { "\n]}\n" }

    mutating func text(of finished: StepTracker.Finished) -> String {
        switch finished.step {
        case .call(let call): text(of: call)
        case .tool(let run): text(of: run)
        case .turn(let turn): turn.prompt == nil ? "" : text(of: turn, number: finished.turn.number)
        }
    }

    private mutating func text(of call: ProviderCall) -> String {
        guard let start = call.start else { return "" }
        let end = call.endOrStart ?? start
        var args: JSONObject = ["status": .string(call.status.rawValue)]
        args["request_id"] = call.requestID.map { .string($0) }
        args["provider"] = (call.instanceID ?? call.provider).map { .string($0) }
        args["finish_reason"] = call.finishReason.map { .string($0) }
        args["usage"] = call.usage?.json
        args["error"] = call.failure.map { .string($0.message) }
        if includesContents, !call.blocks.isEmpty { args["blocks"] = .array(call.blocks.map { .object($0) }) }
        var (text, place) = place(.calls, call.sessionID, start, end)
        text += slice(call.model ?? "call", "call", start, end, args, place)
        if let time = call.timeToFirstToken, call.status == .ok {
            let first = min(start.advanced(by: time), end)
            text += slice("time to first token", "call", start, first, [:], place) + slice("generation", "call", first, end, [:], place)
        }
        for retry in call.retries {
            guard let time = retry.time else { continue }
            var args: JSONObject = ["attempt": .integer(retry.attempt)]
            args["error"] = retry.errorType.map { .string($0) }
            args["status_code"] = retry.statusCode.map { .integer($0) }
            text += event("retry", "i", time, ["cat": "call", "s": "t", "args": .object(args)], place)
        }
        return text
    }

    private mutating func text(of run: ToolRun) -> String {
        guard let start = run.start ?? run.end else { return "" }
        var args = JSONObject()
        args["tool_call_id"] = run.callID.map { .string($0) }
        args["error"] = run.error.map { .string($0) }
        if includesContents {
            args["input"] = run.input
            args["result"] = run.result
        }
        let end = max(run.end ?? start, start)
        let (text, place) = place(.tools, run.sessionID, start, end)
        return text + slice(run.name, "tool", start, end, args, place)
    }

    private mutating func text(of turn: PromptTurn, number: Int) -> String {
        guard let start = turn.start else { return "" }
        var args = JSONObject()
        args["status"] = turn.status.map { .string($0) }
        if includesContents { args["prompt"] = turn.prompt.map { .string($0) } }
        let end = max(turn.end ?? start, start)
        let (text, place) = place(.prompts, turn.sessionID, start, end)
        return text + slice("prompt \(number + 1)", "prompt", start, end, args, place)
    }

    /// The process and thread of something, and what has to be said of them first.
    private mutating func place(_ kind: Kind, _ id: String?, _ start: LogTimestamp, _ end: LogTimestamp) -> (String, (pid: Int, tid: Int)) {
        let id = id ?? "session"
        var text = ""
        if sessions[id] == nil {
            if sessions.count >= Self.maximumSessionCount { sessions = [:] }
            sessionCount += 1
            sessions[id] = Session(number: sessionCount)
            text += metadata("process_name", id, sessionCount, 0)
        }
        let pid = sessions[id]?.number ?? 0
        let lanes = sessions[id]?.lanes[kind] ?? []
        let lane = lanes.firstIndex { $0 <= start } ?? min(lanes.count, Self.maximumLaneCount - 1)
        let tid = kind.rawValue * 100 + lane
        if lane == lanes.count {
            sessions[id]?.lanes[kind, default: []].append(end)
            text += metadata("thread_name", "\(kind)" + (lane == 0 ? "" : " \(lane + 1)"), pid, tid)
        } else {
            sessions[id]?.lanes[kind]?[lane] = max(lanes[lane], end)
        }
        return (text, (pid, tid))
    }

    private mutating func metadata(_ what: String, _ name: String, _ pid: Int, _ tid: Int) -> String {
        write(["name": .string(what), "ph": "M", "pid": .integer(pid), "tid": .integer(tid), "args": ["name": .string(name)]])
    }

    private mutating func slice(
        _ name: String, _ category: String, _ start: LogTimestamp, _ end: LogTimestamp, _ args: JSONObject, _ place: (pid: Int, tid: Int)
    ) -> String {
        let length = (end.duration(since: start) / .microseconds(1)).rounded(toPlaces: 3)
        return event(name, "X", start, ["cat": .string(category), "dur": .double(length), "args": .object(args)], place)
    }

    private mutating func event(
        _ name: String, _ phase: String, _ time: LogTimestamp, _ more: JSONObject, _ place: (pid: Int, tid: Int)
    ) -> String {
        var event: JSONObject = ["name": .string(name), "ph": .string(phase), "ts": Self.microseconds(time)]
        event["pid"] = .integer(place.pid)
        event["tid"] = .integer(place.tid)
        event.merge(more)
        return write(event)
    }

    private mutating func write(_ event: JSONObject) -> String {
        defer { isFirst = false }
        return (isFirst ? "\n" : ",\n") + JSONValue.object(event).text
    }

    /// With three decimal places, spelled out: a `Double` has no room for them.
    private static func microseconds(_ time: LogTimestamp) -> JSONValue {
        let digits = String(time.nanoseconds % 1000)
        let whole = max(time.seconds, 0) * 1_000_000 + time.nanoseconds / 1000
        let text = "\(whole).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
        return (try? JSONValue(parsing: text)) ?? .integer(whole)
    }
}
