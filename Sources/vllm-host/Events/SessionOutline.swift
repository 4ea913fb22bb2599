import JSON
import SessionLog
import Timestamps

/// What happened in a session as lines with indentation: a state machine over the records in their order, which remembers only what has begun
/// and not ended.
struct SessionOutline {
    /// How a line is set off.
    enum Kind {
        case ordinary
        case heading
        case call
        case quiet
        case warning
        case error
    }

    /// A line.
    struct Line {
        /// When; blank for a line that goes on with the one before.
        var clock: String
        /// How far it is indented.
        var depth: Int
        var text: String
        var kind = Kind.ordinary
        /// Whether it is not to be cut.
        var isWhole = false
    }

    /// What is remembered of a log that is made to have no end.
    private static let maximumOpenCount = 1024

    private let showsEverything: Bool
    private let showsContents: Bool
    private var callNumbers: [String: Int] = [:]
    private var callCount = 0
    /// The calls whose failure has been told.
    private var failedRequests: Set<String> = []
    /// When the runs of tools began that have not ended, by id, else by name.
    private var openTools: [String: LogTimestamp] = [:]
    private var promptStart: LogTimestamp?

    /// - Parameters:
    ///   - showsEverything: whether events that say the same again are told, too.
    ///   - showsContents: whether texts are told in full.
    init(showsEverything: Bool, showsContents: Bool) {
        self.showsEverything = showsEverything
        self.showsContents = showsContents
    }

    /// The lines for the next record.
    mutating func add(_ record: SessionRecord) -> [Line] {
        let text = RecordText(record)
        switch record.event {
        case "session:start", "session:resume", "session:fork": return [session(text)]
        case "session:end":
            return [line(text, 0, ["session ended", text.text("status"), text.errorMessage], text.isError ? .error : .heading)]
        case "prompt:submit":
            promptStart = text.time
            return contents(text, 1, "prompt", text.text("prompt"), .heading)
        case "prompt:complete" where !showsEverything: return []
        case "orchestrator:complete":
            defer { promptStart = nil }
            let failed = text.text("status").map { $0 != "success" && $0 != "ok" } ?? false
            return [line(text, 1, ["done", text.text("status"), since(promptStart, text)], failed ? .warning : .heading)]
        case "llm:request": return [line(text, 2, [call(text), text.gist], .call)]
        case "llm:response": return [response(text)]
        case "provider:retry": return [line(text, 3, text.retry, .warning)]
        case "provider:error":
            if let id = record.requestID, failedRequests.remove(id) != nil, !showsEverything { return [] }
            return [line(text, 3, ["failed:", text.gist], .error)]
        case "content_block:end":
            let isThinking = text.block.first == "thinking"
            return contents(text, 3, text.block.first.flatMap { $0 } ?? "block", text.blockText, isThinking ? .quiet : .ordinary)
        case "tool:pre": return toolBegins(text)
        case "tool:post", "tool:error": return toolEnds(text)
        default:
            // What is a problem is told in any case.
            guard showsEverything || text.isWarning else { return Self.isQuiet(record.event) ? [] : [other(text)] }
            return [other(text)]
        }
    }

    /// Whether the event only says what another one says, too, or what nobody reads.
    private static func isQuiet(_ event: String) -> Bool {
        event.hasPrefix("llm:") || event.hasPrefix("content_block:") || event.hasPrefix("provider:re") || event.hasPrefix("log:")
            || event.hasSuffix(":raw") || event.hasSuffix(":debug") || event.hasPrefix("execution:")
    }

    private func session(_ text: RecordText) -> Line {
        let day = text.time.map { LocalTime($0).date }
        let parent = text.text("parent_id").map { "child of \($0)" }
        return line(text, 0, ["session", text.record.sessionID, day, parent], .heading)
    }

    /// `call 3`: calls may run side by side, so that each has a number.
    private mutating func call(_ text: RecordText) -> String {
        let number: Int
        if let id = text.record.requestID {
            if callNumbers[id] == nil {
                callCount += 1
                if callNumbers.count >= Self.maximumOpenCount { callNumbers.removeAll() }
                callNumbers[id] = callCount
            }
            number = callNumbers[id] ?? callCount
        } else {
            callCount += text.record.event == "llm:request" ? 1 : 0
            number = callCount
        }
        return "call \(number)"
    }

    private mutating func response(_ text: RecordText) -> Line {
        let name = call(text)
        let first = text["time_to_first_token_ms"]?.double.map { "first token \(FigureText.duration($0 / 1000))" }
        let hasFailed = text.isError || text.text("status") == "error"
        if let id = text.record.requestID {
            callNumbers[id] = nil
            if hasFailed, failedRequests.count < Self.maximumOpenCount { failedRequests.insert(id) }
        }
        let status = text.text("status")
        let verb = hasFailed ? "\(name) failed" : status == "cancelled" ? "\(name) cancelled" : "\(name) answered"
        let parts = [verb, text.duration(), hasFailed ? nil : first, text.tokens, text.text("finish_reason"), text.errorMessage]
        return line(text, 3, parts, hasFailed ? .error : status == "cancelled" ? .warning : .call)
    }

    private mutating func toolBegins(_ text: RecordText) -> [Line] {
        if let time = text.time {
            if openTools.count >= Self.maximumOpenCount { openTools.removeAll() }
            openTools[Self.toolKey(text)] = time
        }
        return contents(text, 2, "tool \(text.text("tool_name") ?? "?")", text["tool_input"]?.text, .call)
    }

    private mutating func toolEnds(_ text: RecordText) -> [Line] {
        let start = openTools.removeValue(forKey: Self.toolKey(text))
        let name = [text.text("tool_name") ?? "?", since(start, text)].compactMap { $0 }.joined(separator: "  ")
        let isError = text.record.event == "tool:error" || text.isError
        return contents(
            text, 3, isError ? "\(name) failed" : "\(name)  gave", isError ? text.errorMessage : text.result, isError ? .error : .ordinary)
    }

    private static func toolKey(_ text: RecordText) -> String { text.text("tool_call_id") ?? text.text("tool_name") ?? "" }

    private func other(_ text: RecordText) -> Line {
        line(text, 3, [text.record.event, text.gist], text.isError ? .error : text.isWarning ? .warning : .quiet)
    }

    /// How long it took, as far as both times are known.
    private func since(_ start: LogTimestamp?, _ text: RecordText) -> String? {
        guard let start, let end = text.time, start <= end else { return nil }
        return FigureText.duration(Double(end.seconds - start.seconds) + Double(end.nanoseconds - start.nanoseconds) / 1e9)
    }

    private func line(_ text: RecordText, _ depth: Int, _ parts: [String?], _ kind: Kind) -> Line {
        let words = parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "  ")
        return Line(clock: text.clock, depth: depth, text: Self.bounded(words, showsContents ? 65_536 : 512), kind: kind)
    }

    /// A line with a text behind it, or below it in full.
    private func contents(_ text: RecordText, _ depth: Int, _ title: String, _ content: String?, _ kind: Kind) -> [Line] {
        guard showsContents, let content, content.contains("\n") || content.utf8.count > 60 else {
            return [line(text, depth, [title, content], kind)]
        }
        let blank = String(repeating: " ", count: text.clock.count)
        return [line(text, depth, [title], kind)]
            + content.split(separator: "\n", omittingEmptySubsequences: false).map {
                Line(clock: blank, depth: depth + 1, text: String($0), kind: kind == .quiet ? .quiet : .ordinary, isWhole: true)
            }
    }

    private static func bounded(_ text: String, _ count: Int) -> String {
        text.utf8.count <= count ? text : String(text.prefix(count)) + "…"
    }
}
