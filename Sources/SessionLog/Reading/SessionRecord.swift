public import JSON
public import Timestamps

/// One record of an event log, as it was read; also of logs that others wrote.
public struct SessionRecord: Sendable, Hashable {
    /// The line in its log, from 1: counted through all files of it that were read.
    public let line: Int
    /// Where the line begins in its log, in bytes, before any compression.
    public let offset: Int
    /// Everything that the record says, unknown members included, in the order in which it says it.
    public let members: JSONObject
    /// The name of the event.
    public let event: String

    /// The record in a line; `nil` when `members` are no record: they have no `event`.
    init?(line: Int, offset: Int, members: JSONObject) {
        guard let event = members["event"]?.string else { return nil }
        self.line = line
        self.offset = offset
        self.members = members
        self.event = event
    }

    /// When it happened; `nil` where `ts` is missing or no RFC 3339.
    public var timestamp: LogTimestamp? { members["ts"]?.string.flatMap { LogTimestamp($0) } }

    /// How serious it is; `nil` where the record does not say.
    public var level: LogLevel? { members["lvl"]?.string.map { LogLevel(rawValue: $0) } }

    /// The session that it belongs to.
    public var sessionID: String? { members["session_id"]?.string }

    /// The request that it belongs to, the same in all events of one call of a provider.
    public var requestID: String? { members["request_id"]?.string }

    /// What is particular to the event.
    public var data: JSONObject { members["data"]?.object ?? [:] }

    /// The payload that the event was sent with: `data` and the members that a log lifts out of it.
    public var payload: JSONObject {
        var payload = data
        for (key, value) in members where LiftedField.named(key) != nil { payload[key] = value }
        return payload
    }
}
