import JSON
import ProviderKit
import SessionLog
import Timestamps

/// What a record says, read leniently: logs come from anywhere, so a member of another kind is as good as none, and one that this writer
/// puts beside `data` may stand inside it.
struct RecordFields {
    let event: String
    let line: Int
    let time: LogTimestamp?
    /// The session; empty where the record names none.
    let session: String
    private let members: JSONObject
    private let data: JSONObject

    init(_ record: SessionRecord) {
        event = record.event
        line = record.line
        members = record.members
        data = record.data
        session = record.sessionID ?? data["session_id"]?.string ?? ""
        // Older logs have the time in `data`, too.
        time = record.timestamp ?? data["timestamp"]?.string.flatMap { LogTimestamp($0) }
    }

    /// A member of `data`, else one beside it; `nil` also for `null`.
    subscript(key: String) -> JSONValue? {
        guard let value = data[key] ?? members[key], !value.isNull else { return nil }
        return value
    }

    /// A text that says something.
    func string(_ key: String) -> String? { self[key]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    func int(_ key: String) -> Int? { self[key]?.int }

    func bool(_ key: String) -> Bool? { self[key]?.bool }

    /// A number of milliseconds.
    func milliseconds(_ key: String) -> Duration? { self[key]?.double.flatMap { Duration(logged: $0, .milliseconds) } }

    /// A number of seconds, as a number: for what is only shown.
    func seconds(_ key: String) -> Double? { self[key]?.double.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } }

    /// The payload of a `:debug` or `:raw` event, which is nested once more.
    var nested: JSONObject { self["data"]?.object ?? [:] }

    /// What `error` says: a text, or an object of Amplifier's with `msg`.
    var errorMessage: String? {
        guard let error = self["error"] else { return nil }
        let message = error.string ?? error["msg"]?.string ?? error["message"]?.string
        return (message ?? error.text).isEmpty ? nil : message ?? error.text
    }

    /// The class of the error in Amplifier's words.
    var errorType: String? { string("error_type") ?? self["error"]?["type"]?.string }

    /// Of a failure: whether somebody wanted the answer no more.
    var isCancellation: Bool { string("status") == "cancelled" || errorType == ProviderError.Code.cancelled.className }
}

extension Duration {
    enum LoggedUnit: Double {
        case milliseconds = 1000
        case seconds = 1
    }

    /// A length of time that somebody else has written down; `nil` where it can be none. More than a century is a century.
    init?(logged number: Double, _ unit: LoggedUnit) {
        guard number.isFinite, number >= 0 else { return nil }
        self = .seconds(min(number / unit.rawValue, 3_155_760_000))
    }
}
