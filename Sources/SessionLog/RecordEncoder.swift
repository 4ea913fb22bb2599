import JSON

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
        let payload = event.payload
        let stamp = payload["timestamp"]?.string.flatMap { LogTimestamp($0) }
        writer.write(raw: #"{"ts":""#)
        (stamp ?? event.time).withUTF8 { writer.write(raw: $0) }
        writer.write(raw: #"","lvl":"#)
        writer.write(LogLevel(event: event.name, payload: payload).rawValue)
        writer.write(raw: #","schema":{"name":"amplifier.log","ver":"1.0.0"},"event":"#)
        writer.write(event.name)
        writeLiftedFields(of: payload, to: &writer)
        writer.write(raw: #","data":{"#)
        var isFirst = true
        for (key, value) in payload where LiftedField(key: key) == nil && !(stamp != nil && key == "timestamp") {
            if !isFirst { writer.write(raw: ",") }
            isFirst = false
            writer.write(key)
            writer.write(raw: ":")
            writer.write(value)
        }
        writer.write(raw: "}}\n")
    }

    private func writeLiftedFields(of payload: JSONObject, to writer: inout JSONWriter) {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: LiftedField.allCases.count) { positions in
            positions.initialize(repeating: -1)
            for (position, member) in payload.enumerated() {
                if let field = LiftedField(key: member.key) { positions[field.rawValue] = position }
            }
            for field in LiftedField.allCases {
                let position = positions[field.rawValue]
                if field == .sessionID {
                    writer.write(raw: #","session_id":"#)
                    writer.write(position < 0 ? sessionID : ownSession(payload[position].value))
                } else if position >= 0 {
                    writer.write(raw: ",")
                    writer.write(payload[position].key)
                    writer.write(raw: ":")
                    writer.write(payload[position].value)
                }
            }
        }
    }

    /// The session that the payload names, or the log's own where it names none: readers drop records without a session.
    private func ownSession(_ named: JSONValue) -> JSONValue {
        named.string?.isEmpty == false ? named : sessionID
    }
}
