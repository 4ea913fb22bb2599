import JSON
import Timestamps

/// Writes events as the records of Amplifier's log (schema `amplifier.log` 1.0.0), one line each, compact.
///
/// The members are `ts`, `lvl`, `schema`, `event`, then the lifted members of the payload in the order of `LiftedField`, then `data`
/// with the rest in the payload's own order. `timestamp`, which Amplifier's kernel puts into payloads, becomes `ts`.
package struct RecordEncoder: Sendable {
    /// The member that names the session, for events that name none.
    private let session: [UInt8]

    /// - Parameter sessionID: the session of events that name none.
    package init(sessionID: String) {
        session = Array(#","session_id":"#.utf8) + JSONValue.string(sessionID).bytes
    }

    /// What a member of a payload is in the record.
    private enum Role {
        case data
        case lifted(LiftedField)
        case level
        case timestamp(LogTimestamp)
    }

    /// Appends the line of `event`, with its line feed.
    /// - Returns: the level that it has there.
    @discardableResult
    func write(_ event: SessionEvent, to writer: inout JSONWriter) -> LogLevel {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: LiftedField.count) { positions in
            positions.initialize(repeating: -1)
            return event.payload.entries.withLentElements { members in
                var ownLevel: Int?
                var stamp: LogTimestamp?
                // Which of the first 64 members do not stand in `data`.
                var moved: UInt64 = 0
                for position in members.indices {
                    switch Self.role(of: members[position]) {
                    case .data: continue
                    case .level:
                        ownLevel = position
                        continue
                    case .lifted(let field): positions[field.rawValue] = position
                    case .timestamp(let time): stamp = time
                    }
                    if position < 64 { moved |= 1 &<< UInt64(position) }
                }
                let (status, error) = (positions[LiftedField.status.rawValue], positions[LiftedField.error.rawValue])
                let level = LogLevel(
                    event: event.name, own: ownLevel.map { members[$0].value.value },
                    status: status < 0 ? nil : members[status].value.value, error: error < 0 ? nil : members[error].value.value)
                writer.write(raw: #"{"ts":""#)
                (stamp ?? event.time).withUTF8 { writer.write(raw: $0) }
                writer.write(raw: #"","lvl":"#)
                writer.write(level.rawValue)
                writer.write(raw: #","schema":{"name":"amplifier.log","ver":"1.0.0"},"event":"#)
                writer.write(event.name)
                for field in 0..<LiftedField.count {
                    let position = positions[field]
                    if field == LiftedField.sessionID.rawValue, position < 0 || !Self.namesSession(members[position]) {
                        // Readers drop records without a session.
                        session.withUnsafeBufferPointer { writer.write(raw: $0) }
                    } else if position >= 0 {
                        writer.write(byte: UInt8(ascii: ","))
                        writer.write(members[position])
                    }
                }
                writer.write(raw: #","data":{"#)
                var isFirst = true
                for position in members.indices {
                    guard position < 64 ? moved &>> UInt64(position) & 1 == 0 : Self.isData(members[position], stamp) else { continue }
                    if !isFirst { writer.write(byte: UInt8(ascii: ",")) }
                    isFirst = false
                    writer.write(members[position])
                }
                writer.write(raw: "}}\n")
                return level
            }
        }
    }

    @inline(__always)
    private static func role(of member: borrowing Lent<JSONObject.Entry>) -> Role {
        if let field = LiftedField.named(member.value.key) { return .lifted(field) }
        if isLevel(member.value.key) { return .level }
        guard isTimestamp(member.value.key), let time = member.value.value.string.flatMap({ LogTimestamp($0) }) else { return .data }
        return .timestamp(time)
    }

    private static func isData(_ member: borrowing Lent<JSONObject.Entry>, _ stamp: LogTimestamp?) -> Bool {
        LiftedField.named(member.value.key) == nil && !(stamp != nil && isTimestamp(member.value.key))
    }

    // Most keys are told by their lengths.

    private static func isLevel(_ key: String) -> Bool { key.utf8.count == 3 && key == "lvl" }

    private static func isTimestamp(_ key: String) -> Bool { key.utf8.count == 9 && key == "timestamp" }

    private static func namesSession(_ member: borrowing Lent<JSONObject.Entry>) -> Bool { member.value.value.string?.isEmpty == false }
}
