import JSON
import SessionLog
import Timestamps

/// What a record says, in words; whoever wrote it. A member of another kind than expected is as good as none.
struct RecordText {
    let record: SessionRecord
    private let data: JSONObject

    init(_ record: SessionRecord) {
        self.record = record
        data = record.data
    }

    /// When it happened; older logs say so in `data`, too.
    var time: LogTimestamp? { record.timestamp ?? data["timestamp"]?.string.flatMap { LogTimestamp($0) } }

    /// `08:29:53.358`, as long where there is no time.
    var clock: String { time.map { LocalTime($0).clock } ?? "--:--:--.---" }

    /// Whether it tells of a failure.
    var isError: Bool { (record.level?.severity ?? 1) >= LogLevel.error.severity }

    /// Whether it tells of something odd.
    var isWarning: Bool { (record.level?.severity ?? 1) >= LogLevel.warning.severity }

    subscript(key: String) -> JSONValue? {
        guard let value = data[key] ?? record.members[key], !value.isNull else { return nil }
        return value
    }

    /// A text that says something.
    func text(_ key: String) -> String? { self[key]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    /// A count, with its noun.
    func count(_ key: String, _ noun: String) -> String? { self[key]?.int.map { FigureText.count($0, noun) } }

    /// A length of time that is given in milliseconds.
    func duration(_ key: String = "duration_ms") -> String? { self[key]?.double.map { FigureText.duration($0 / 1000) } }

    /// What `error` says.
    var errorMessage: String? {
        guard let error = self["error"] else { return text("error_message") }
        return error.string ?? error["msg"]?.string ?? error["message"]?.string ?? error.text
    }

    /// `17 → 14 tokens`
    var tokens: String? {
        func number(_ keys: [String]) -> Int? { keys.lazy.compactMap { self["usage"]?[$0]?.int }.first }
        let input = number(["input_tokens", "prompt_tokens", "input"])
        let output = number(["output_tokens", "completion_tokens", "output"])
        guard input != nil || output != nil else { return nil }
        return "\(input.map { FigureText.count($0) } ?? "?") → \(output.map { FigureText.count($0) } ?? "?") tokens"
    }

    /// All that is worth a line.
    var gist: String {
        let parts: [String?] =
            switch record.event {
            case "prompt:submit": [text("prompt")]
            case "prompt:complete": [text("status"), text("response_preview")]
            case "orchestrator:complete": [text("status"), text("orchestrator")]
            case "session:end": [text("status"), errorMessage]
            case "provider:request": [text("provider"), self["iteration"]?.int.map { "iteration \($0)" }]
            case "llm:request":
                [
                    asked, text("endpoint"), count("message_count", "message"),
                    self["tool_count"]?.int == 0 ? nil : count("tool_count", "tool"),
                ]
            case "llm:response": [text("status") == "ok" ? nil : text("status"), duration(), tokens, text("finish_reason"), errorMessage]
            case "provider:response": [text("provider"), tokens]
            case "provider:retry": retry
            case "provider:error": [text("error_type"), errorMessage]
            case "content_block:end": block
            case "tool:pre": [text("tool_name"), self["tool_input"]?.text]
            case "tool:post": [text("tool_name"), result]
            case "tool:error": [text("tool_name"), errorMessage]
            case "log:content": ["held once:", self["value"]?.text]
            default: other
            }
        return parts.compactMap { $0 }.joined(separator: "  ")
    }

    /// The provider and model that were asked.
    var asked: String? {
        let names = [text("provider"), text("model")].compactMap { $0 }
        return names.isEmpty ? nil : names.joined(separator: "/")
    }

    /// Which retry, after how long, why.
    var retry: [String?] {
        [
            self["attempt"]?.int.map { "retry \($0)" }, self["delay"]?.double.map { "in \(FigureText.duration($0)):" }, text("error_type"),
            errorMessage,
        ]
    }

    /// The kind of a content block and what it says.
    var block: [String?] {
        let block = self["block"]
        return [block?["type"]?.string ?? text("block_type"), blockText]
    }

    /// What a content block says.
    var blockText: String? {
        guard let block = self["block"] else { return nil }
        return block["text"]?.string ?? block["thinking"]?.string
            ?? block["name"]?.string.map { "\($0) \(block["arguments"]?.text ?? block["input"]?.text ?? "")" }
    }

    /// What a tool gave back.
    var result: String? {
        guard let result = self["result"] else { return nil }
        return result.string ?? result["output"]?.string ?? result["output"]?.text ?? result.text
    }

    private var other: [String?] {
        let message = text("message") ?? errorMessage
        return [duration(), message ?? (data.isEmpty ? nil : JSONValue.object(data).text)]
    }
}
