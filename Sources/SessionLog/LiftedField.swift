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

    /// All of them, made once: this is read for every record.
    static let inOrder = allCases

    /// The field with this key, if it is one. Told by length first: this runs for every key of every record.
    init?(key: String) {
        switch (key.utf8.count, key) {
        case (5, "error"): self = .error
        case (6, "status"): self = .status
        case (6, "module"): self = .module
        case (7, "span_id"): self = .spanID
        case (9, "component"): self = .component
        case (9, "redaction"): self = .redaction
        case (10, "request_id"): self = .requestID
        case (10, "session_id"): self = .sessionID
        case (11, "duration_ms"): self = .durationMs
        case (14, "parent_span_id"): self = .parentSpanID
        default: return nil
        }
    }
}
