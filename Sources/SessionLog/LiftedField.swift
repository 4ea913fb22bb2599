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

    /// The field with this key, if it is one. Most keys are told by their length: this runs for every key of every record.
    init?(key: String) {
        switch key.utf8.count {
        case 5 where key == "error": self = .error
        case 6 where key == "module": self = .module
        case 6 where key == "status": self = .status
        case 7 where key == "span_id": self = .spanID
        case 9 where key == "component": self = .component
        case 9 where key == "redaction": self = .redaction
        case 10 where key == "request_id": self = .requestID
        case 10 where key == "session_id": self = .sessionID
        case 11 where key == "duration_ms": self = .durationMs
        case 14 where key == "parent_span_id": self = .parentSpanID
        default: return nil
        }
    }
}
