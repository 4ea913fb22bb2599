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

    /// Appends the line of `event`, with its line feed.
    /// - Returns: the level that it has there.
    @discardableResult
    func write(_ event: SessionEvent, to writer: inout JSONWriter) -> LogLevel {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: LiftedField.count) { positions in
            positions.initialize(repeating: -1)
            // A span lends its elements; an array gives copies of them.
            let entries = event.payload.entries.span
            var ownLevel: JSONValue?
            var stamp: LogTimestamp?
            // Which of the first 64 members do not stand in `data`.
            var moved: UInt64 = 0
            for position in entries.indices {
                if let field = LiftedField(key: entries[position].key) {
                    positions[field.rawValue] = position
                } else if Self.isLevel(entries[position].key) {
                    ownLevel = entries[position].value
                    continue
                } else if Self.isTimestamp(entries[position].key), let time = entries[position].value.string.flatMap({ LogTimestamp($0) }) {
                    stamp = time
                } else {
                    continue
                }
                if position < 64 { moved |= 1 &<< UInt64(position) }
            }
            let (status, error) = (positions[LiftedField.status.rawValue], positions[LiftedField.error.rawValue])
            let level = LogLevel(
                event: event.name, own: ownLevel, status: status < 0 ? nil : entries[status].value,
                error: error < 0 ? nil : entries[error].value)
            writer.write(raw: #"{"ts":""#)
            (stamp ?? event.time).withUTF8 { writer.write(raw: $0) }
            writer.write(raw: #"","lvl":"#)
            writer.write(level.rawValue)
            writer.write(raw: #","schema":{"name":"amplifier.log","ver":"1.0.0"},"event":"#)
            writer.write(event.name)
            for field in 0..<LiftedField.count {
                let position = positions[field]
                if field == LiftedField.sessionID.rawValue, position < 0 || !Self.namesSession(entries[position].value) {
                    // Readers drop records without a session.
                    writer.write(raw: session)
                } else if position >= 0 {
                    writer.write(byte: UInt8(ascii: ","))
                    writer.write(key: entries[position].key, entries[position].value)
                }
            }
            writer.write(raw: #","data":{"#)
            var isFirst = true
            for position in entries.indices {
                guard position < 64 ? moved &>> UInt64(position) & 1 == 0 : isData(entries[position].key, stamp) else { continue }
                if !isFirst { writer.write(byte: UInt8(ascii: ",")) }
                isFirst = false
                writer.write(key: entries[position].key, entries[position].value)
            }
            writer.write(raw: "}}\n")
            return level
        }
    }

    private func isData(_ key: String, _ stamp: LogTimestamp?) -> Bool {
        LiftedField(key: key) == nil && !(stamp != nil && Self.isTimestamp(key))
    }

    // Most keys are told by their lengths.

    private static func isLevel(_ key: String) -> Bool { key.utf8.count == 3 && key == "lvl" }

    private static func isTimestamp(_ key: String) -> Bool { key.utf8.count == 9 && key == "timestamp" }

    private static func namesSession(_ value: JSONValue) -> Bool { value.string?.isEmpty == false }
}
