public import JSON

/// One thing that is wrong, or looks wrong, in a configuration.
public struct ConfigurationIssue: Error, Sendable, Hashable, CustomStringConvertible {
    /// Whether the configuration can be used nevertheless.
    public enum Severity: String, Sendable, Hashable {
        /// It cannot be used.
        case error
        /// It can be used, but is probably not what was meant.
        case warning
    }

    /// What kind of problem it is. New kinds may come: switch with a default.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The code's name.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// There is no such file.
        public static let fileNotFound = Code("file_not_found")
        /// The file cannot be read.
        public static let unreadable = Code("unreadable")
        /// The file is not well-formed YAML, or uses what a configuration must not.
        public static let syntax = Code("syntax")
        /// The file, or what it grows to, is larger than allowed.
        public static let tooLarge = Code("too_large")
        /// The same thing is there twice.
        public static let duplicate = Code("duplicate")
        /// An environment variable is not set, or a reference to one is malformed.
        public static let environment = Code("environment")
        /// A value has the wrong type or is out of range.
        public static let invalidValue = Code("invalid_value")
        /// Something required is not there.
        public static let missing = Code("missing")
        /// A key that nobody knows.
        public static let unknownKey = Code("unknown_key")
    }

    /// Whether the configuration can be used nevertheless.
    public var severity: Severity
    /// What kind of problem it is.
    public var code: Code
    /// What is wrong.
    public var message: String
    /// The key it is about, from the root of the configuration: `providers[0].config.timeout`; empty where it is about the whole file.
    public var keyPath: String
    /// Where it is.
    public var origin: ConfigurationOrigin?
    /// What to do about it.
    public var hint: String?

    /// An issue.
    public init(
        _ severity: Severity, _ code: Code, _ message: String, keyPath: String = "", origin: ConfigurationOrigin? = nil, hint: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.keyPath = keyPath
        self.origin = origin
        self.hint = hint
    }

    /// The place in a file, where there is one.
    public var location: SourceLocation? { origin?.location }

    /// `file:line:column: error: key: message (hint)`, without the parts that are not known.
    public var description: String {
        // That something is not there has no place.
        let place = origin.flatMap { $0 == .default ? nil : "\($0.place): " } ?? ""
        let key = keyPath.isEmpty ? "" : "\(keyPath): "
        return "\(place)\(severity.rawValue): \(key)\(message)\(hint.map { " (\($0))" } ?? "")"
    }
}

extension ConfigurationIssue {
    /// The issue for programs: `severity`, `code`, `message`, and where they are known `key`, `file`, `line`, `column`, `origin`, `hint`.
    public var json: JSONValue {
        var object: JSONObject = [
            "severity": .string(severity.rawValue), "code": .string(code.description), "message": .string(message),
        ]
        if !keyPath.isEmpty { object["key"] = .string(keyPath) }
        if let location {
            object["file"] = .string(location.file)
            object["line"] = .integer(location.line)
            object["column"] = .integer(location.column)
        }
        if let origin { object["origin"] = .string(origin.description) }
        if let hint { object["hint"] = .string(hint) }
        return .object(object)
    }
}

extension Collection<ConfigurationIssue> {
    /// Whether any of them is an error.
    public var hasErrors: Bool { contains { $0.severity == .error } }
}
