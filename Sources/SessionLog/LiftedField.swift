/// The members of a payload that a record carries beside `data` instead of inside it, in the order in which they are written:
/// the order of the alphabet, in which Amplifier's kernel hands payloads to its log.
enum LiftedField: Int, CaseIterable {
    case component
    case durationMs
    case error
    case module
    case parentSpanID
    case redaction
    case requestID
    case sessionID
    case spanID
    case status

    /// How many there are.
    static let count = status.rawValue + 1

    /// The field with this key, if it is one. Most keys are told by their length: this runs for every key of every record, and an
    /// initializer would count the references of what it is given.
    static func named(_ key: String) -> LiftedField? {
        switch key.utf8.count {
        case 5 where key == "error": return .error
        case 6 where key == "module": return .module
        case 6 where key == "status": return .status
        case 7 where key == "span_id": return .spanID
        case 9 where key == "component": return .component
        case 9 where key == "redaction": return .redaction
        case 10 where key == "request_id": return .requestID
        case 10 where key == "session_id": return .sessionID
        case 11 where key == "duration_ms": return .durationMs
        case 14 where key == "parent_span_id": return .parentSpanID
        default: return nil
        }
    }
}
