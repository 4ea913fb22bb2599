import JSON
import ProviderKit

extension SessionTimeline.Note {
    /// The note of a record; `nil` where it has nothing to say that is told nowhere else.
    init?(_ fields: RecordFields) {
        guard let (message, isProblem) = Self.message(fields) else { return nil }
        self.init(event: fields.event, message: message, isProblem: isProblem)
        time = fields.time
    }

    private static func message(_ fields: RecordFields) -> (String, isProblem: Bool)? {
        func text(_ key: String) -> String { fields.string(key) ?? "?" }
        func number(_ key: String) -> String { fields[key]?.number?.literal ?? "?" }
        switch fields.event {
        case EventName.providerResolve:
            let reason = fields.string("error_message") ?? text("reason")
            return ("asks \(text("provider")) instead of \(text("previous")): \(reason)", fields.string("error_type") != nil)
        case EventName.logDropped: return ("\(number("count")) records are missing here: \(text("reason"))", true)
        case EventName.providerThrottle: return ("waits for the limit \(text("reason"))", false)
        case EventName.providerToolSequenceRepaired:
            return ("repaired \(number("repair_count")) calls and results of tools that did not fit together", false)
        case EventName.providerIncompleteContinuation:
            return ("an answer that was cut by its length goes on (\(number("continuation_number")) of \(number("max_attempts")))", false)
        case EventName.cancelRequested: return ("cancelled", false)
        case "session:resume": return ("the session goes on", false)
        case "session:fork": return ("the session has a child", false)
        default: return other(fields)
        }
    }

    /// What a record says that nobody here knows: told where it is a warning or an error, and not one of a call or of the session itself.
    private static func other(_ fields: RecordFields) -> (String, isProblem: Bool)? {
        let level = fields.string("lvl")?.uppercased()
        let isProblem = level == "WARNING" || level == "ERROR" || level == "CRITICAL"
        guard isProblem, !told.contains(where: fields.event.hasPrefix) else { return nil }
        return (fields.string("message") ?? fields.errorMessage ?? fields.event, true)
    }

    private static let told = [
        "llm:", "tool:", "prompt:", "orchestrator:", "content_block:", EventName.providerError, EventName.providerRetry,
        EventName.sessionEnd,
    ]
}
