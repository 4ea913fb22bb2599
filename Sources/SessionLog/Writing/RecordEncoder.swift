import JSON
import Timestamps

/// Writes events as the records of Amplifier's log (schema `amplifier.log` 1.0.0), one line each, compact.
///
/// The members are `ts`, `lvl`, `schema`, `event`, then the lifted members of the payload in the order of `LiftedField`, then `data`
/// with the rest in the payload's own order. `timestamp`, which Amplifier's kernel puts into payloads, becomes `ts`.
struct RecordEncoder {
    private let sessionID: JSONValue

    init(sessionID: String) {
        self.sessionID = .string(sessionID)
    }

    /// Appends the line of `event`, with its line feed.
    func write(_ event: SessionEvent, to writer: inout JSONWriter) {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: LiftedField.inOrder.count) { positions in
            let payload = event.payload
            positions.initialize(repeating: -1)
            var level: JSONValue?
            var stamp: LogTimestamp?
            for (position, (key, value)) in payload.enumerated() {
                if let field = LiftedField(key: key) {
                    positions[field.rawValue] = position
                } else if key == "lvl" {
                    level = value
                } else if key == "timestamp" {
                    stamp = value.string.flatMap { LogTimestamp($0) }
                }
            }
            func member(_ field: LiftedField) -> JSONObject.Member? {
                positions[field.rawValue] < 0 ? nil : payload[positions[field.rawValue]]
            }
            writer.write(raw: #"{"ts":""#)
            (stamp ?? event.time).withUTF8 { writer.write(raw: $0) }
            writer.write(raw: #"","lvl":"#)
            writer.write(LogLevel(event: event.name, own: level, status: member(.status)?.value, error: member(.error)?.value).rawValue)
            writer.write(raw: #","schema":{"name":"amplifier.log","ver":"1.0.0"},"event":"#)
            writer.write(event.name)
            for field in LiftedField.inOrder {
                if field == .sessionID {
                    writer.write(raw: #","session_id":"#)
                    writer.write(session(namedBy: member(field)?.value))
                } else if let (key, value) = member(field) {
                    writer.write(raw: ",")
                    write(key, value, to: &writer)
                }
            }
            writer.write(raw: #","data":{"#)
            var isFirst = true
            for (key, value) in payload where LiftedField(key: key) == nil && !(stamp != nil && key == "timestamp") {
                if !isFirst { writer.write(raw: ",") }
                isFirst = false
                write(key, value, to: &writer)
            }
            writer.write(raw: "}}\n")
        }
    }

    private func write(_ key: String, _ value: JSONValue, to writer: inout JSONWriter) {
        writer.write(key)
        writer.write(raw: ":")
        writer.write(value)
    }

    /// The session that the payload names, or the log's own where it names none: readers drop records without a session.
    private func session(namedBy value: JSONValue?) -> JSONValue {
        if let value, value.string?.isEmpty == false { value } else { sessionID }
    }
}
