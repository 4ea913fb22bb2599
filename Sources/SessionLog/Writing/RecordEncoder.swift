import JSON
import Timestamps

/// Writes events as the records of Amplifier's log (schema `amplifier.log` 1.0.0), one line each, compact.
///
/// The members are `ts`, `lvl`, `schema`, `event`, then the lifted members of the payload in the order of `LiftedField`, then `data`
/// with the rest in the payload's own order. `timestamp`, which Amplifier's kernel puts into payloads, becomes `ts`.
package struct RecordEncoder: Sendable {
    private let sessionID: JSONValue

    /// - Parameter sessionID: the session of events that name none.
    package init(sessionID: String) {
        self.sessionID = .string(sessionID)
    }

    /// Appends the line of `event`, with its line feed.
    /// - Returns: the level that it has there.
    @discardableResult
    func write(_ event: SessionEvent, to writer: inout JSONWriter) -> LogLevel {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: LiftedField.inOrder.count) { positions in
            let entries = event.payload.entries
            positions.initialize(repeating: -1)
            var ownLevel: JSONValue?
            var stamp: LogTimestamp?
            // Which of the first 64 members do not stand in `data`.
            var moved: UInt64 = 0
            for (position, entry) in entries.enumerated() {
                if let field = LiftedField(key: entry.key) {
                    positions[field.rawValue] = position
                } else if entry.key == "lvl" {
                    ownLevel = entry.value
                    continue
                } else if entry.key == "timestamp", let time = entry.value.string.flatMap({ LogTimestamp($0) }) {
                    stamp = time
                } else {
                    continue
                }
                if position < 64 { moved |= 1 &<< UInt64(position) }
            }
            func value(_ field: LiftedField) -> JSONValue? {
                positions[field.rawValue] < 0 ? nil : entries[positions[field.rawValue]].value
            }
            let level = LogLevel(event: event.name, own: ownLevel, status: value(.status), error: value(.error))
            writer.write(raw: #"{"ts":""#)
            (stamp ?? event.time).withUTF8 { writer.write(raw: $0) }
            writer.write(raw: #"","lvl":"#)
            writer.write(level.rawValue)
            writer.write(raw: #","schema":{"name":"amplifier.log","ver":"1.0.0"},"event":"#)
            writer.write(event.name)
            for field in LiftedField.inOrder {
                if field == .sessionID {
                    writer.write(raw: #","session_id":"#)
                    writer.write(session(namedBy: value(field)))
                } else if positions[field.rawValue] >= 0 {
                    writer.write(byte: UInt8(ascii: ","))
                    writer.write(entries[positions[field.rawValue]])
                }
            }
            writer.write(raw: #","data":{"#)
            var isFirst = true
            for (position, entry) in entries.enumerated() {
                guard position < 64 ? moved &>> UInt64(position) & 1 == 0 : isData(entry, stamp) else { continue }
                if !isFirst { writer.write(byte: UInt8(ascii: ",")) }
                isFirst = false
                writer.write(entry)
            }
            writer.write(raw: "}}\n")
            return level
        }
    }

    private func isData(_ entry: JSONObject.Entry, _ stamp: LogTimestamp?) -> Bool {
        LiftedField(key: entry.key) == nil && !(stamp != nil && entry.key == "timestamp")
    }

    /// The session that the payload names, or the log's own where it names none: readers drop records without a session.
    private func session(namedBy value: JSONValue?) -> JSONValue {
        if let value, value.string?.isEmpty == false { value } else { sessionID }
    }
}
