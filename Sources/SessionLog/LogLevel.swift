public import JSON

/// How serious an event is: the `lvl` of its record. Logs of others may hold levels that are not listed here.
public struct LogLevel: RawRepresentable, Sendable, Hashable {
    /// The level as it is written.
    public let rawValue: String

    /// The level with this spelling.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// For people who look for a fault.
    public static let debug = LogLevel(rawValue: "DEBUG")
    /// The ordinary run of things.
    public static let info = LogLevel(rawValue: "INFO")
    /// Something is odd.
    public static let warning = LogLevel(rawValue: "WARNING")
    /// Something failed.
    public static let error = LogLevel(rawValue: "ERROR")

    /// The level of an event by the rules of Amplifier's logging hook: the payload's own `lvl`, else `DEBUG` for `…:debug` and `…:raw`
    /// events (and the log's own `log:content`; `WARNING` for its `log:dropped`), else `INFO`; raised to `ERROR` when `status` is `"error"`, `error` says something, or the name contains `error`, unless
    /// the level is `DEBUG`.
    public init(event name: String, payload: JSONObject) {
        self.init(event: name, own: payload["lvl"], status: payload["status"], error: payload["error"])
    }

    /// The same, from those members of the payload that matter.
    init(event name: String, own: JSONValue?, status: JSONValue?, error: JSONValue?) {
        let level = own?.string.flatMap { $0.isEmpty ? nil : LogLevel(rawValue: $0) } ?? Self.usual(of: name)
        guard level != .debug else {
            self = .debug
            return
        }
        let failed = status?.string == "error" || Self.saysSomething(error) || Self.speaksOfError(name)
        self = failed ? .error : level
    }

    /// The level of an event that does not say one.
    private static func usual(of name: String) -> LogLevel {
        // Told by their last letters first: this runs for every record.
        switch Unicode.Scalar(name.lastByte) {
        case "g" where name.ends(with: ":debug"), "w" where name.ends(with: ":raw"), "t" where name == ContentFormat.event: return .debug
        case "d" where name.utf8.count == 11 && name == SessionEvent.droppedName: return .warning
        default: return .info
        }
    }

    /// Whether `error` stands in the name. By bytes, of which most are skipped: searching characters costs as much as the rest of a record.
    private static func speaksOfError(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { name in
            // Where the word would end.
            var end = 4
            while end < name.count {
                switch Unicode.Scalar(name[end]) {
                case "r":
                    if name[(end - 4)...end].elementsEqual("error".utf8) { return true }
                    end += 1
                case "o": end += 1
                case "e": end += 4
                default: end += 5
                }
            }
            return false
        }
    }

    /// Python's truth of a value, by which the hook judges `error`.
    private static func saysSomething(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null: false
        case .bool(let value): value
        case .number(let number): number.double != 0
        case .string(let text): !text.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        }
    }
}

extension LogLevel {
    /// How serious a level is, to compare: 0 for `DEBUG` to 4 for `CRITICAL`, in any spelling; unknown ones count as `INFO`.
    public var severity: Int {
        switch rawValue.uppercased() {
        case "TRACE", "DEBUG": 0
        case "WARN", "WARNING": 2
        case "ERROR": 3
        case "CRITICAL", "FATAL": 4
        default: 1
        }
    }
}
