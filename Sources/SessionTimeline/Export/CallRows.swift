import JSON
import ProviderKit
import Timestamps

/// Calls as comma-separated values (RFC 4180): a header, then a row for each call, lines ended by CR LF.
///
/// Cells of text that begin with `=`, `+`, `-`, `@`, a tabulator or a carriage return get an apostrophe in front: a spreadsheet would take them
/// for formulas, and anybody can write into a log.
struct CallRows: ExportForm {
    private let includesContents: Bool

    init(includesContents: Bool) {
        self.includesContents = includesContents
    }

    private static let columns = [
        "session_id", "request_id", "turn", "iteration", "provider", "instance_id", "model", "endpoint", "stream", "status", "start",
        "duration_ms", "time_to_first_token_ms", "time_per_output_token_ms", "input_tokens", "output_tokens", "total_tokens",
        "cache_read_tokens", "reasoning_tokens", "cost_usd", "finish_reason", "retry_count", "message_count", "tool_count", "error_type",
        "status_code", "error",
    ]
    private static let contentColumns = ["thinking", "text", "tool_calls"]

    mutating func begin() -> String {
        (Self.columns + (includesContents ? Self.contentColumns : [])).joined(separator: ",") + "\r\n"
    }

    mutating func text(of finished: StepTracker.Finished) -> String {
        guard case .call(let call) = finished.step else { return "" }
        let usage = call.usage
        var cells = [Self.text(call.sessionID), Self.text(call.requestID), "\(finished.turn.number + 1)", Self.number(call.iteration)]
        cells += [call.provider, call.instanceID, call.model, call.endpoint].map(Self.text)
        cells += [call.isStreamed.map { $0 ? "true" : "false" } ?? "", call.status.rawValue, call.start?.description ?? ""]
        cells += [call.duration, call.timeToFirstToken, call.timePerOutputToken].map(Self.milliseconds)
        cells += [usage?.inputTokens, usage?.outputTokens, usage?.totalTokens, usage?.cacheReadTokens, usage?.reasoningTokens].map(
            Self.number)
        cells += [usage?.costUSD, call.finishReason].map(Self.text)
        cells += [call.retries.count, call.messageCount, call.toolCount].map(Self.number)
        cells += [Self.text(call.failure?.type), Self.number(call.failure?.statusCode), Self.text(call.failure?.message)]
        if includesContents { cells += contents(of: call) }
        return cells.joined(separator: ",") + "\r\n"
    }

    mutating func end() -> String { "" }

    private func contents(of call: ProviderCall) -> [String] {
        func joined(_ type: String) -> String? {
            let texts = call.blocks.filter { $0["type"]?.string == type }.compactMap { $0["text"]?.string }
            return texts.isEmpty ? nil : texts.joined(separator: "\n")
        }
        let calls = call.blocks.filter { $0["type"]?.string == "tool_call" }
        let text = calls.isEmpty ? nil : JSONValue.array(calls.map { .object($0) }).text
        return [joined("thinking"), joined("text"), text].map(Self.text)
    }

    private static func number(_ number: Int?) -> String { number.map { String($0) } ?? "" }

    private static func milliseconds(_ duration: Duration?) -> String {
        duration.flatMap { JSONValue.double(($0 / .milliseconds(1)).rounded(toPlaces: 3)).number?.literal } ?? ""
    }

    /// A cell of text, in quotation marks where it needs them.
    private static func text(_ text: String?) -> String {
        guard var text, !text.isEmpty else { return "" }
        // By scalars: a mark with an accent behind it is the mark all the same, and CR LF is one character.
        if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) { text = "'" + text }
        guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
        let doubled = text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
        return "\"\(doubled)\""
    }
}
