/// What a reader makes of a line of an event log.
public enum SessionLogLine: Sendable, Hashable {
    /// A record.
    case record(SessionRecord)
    /// Line `line` (from 1) holds none, for this reason.
    case skipped(line: Int, reason: String)
}
