public import JSON
import Suggestions

/// One key that a module's configuration may have.
public struct ConfigurationField: Sendable, Hashable {
    /// The key.
    public var key: String
    /// What values it takes.
    public var type: ConfigurationFieldType
    /// Whether its value must not be shown, nor any text inside of it.
    public var isSecret: Bool
    /// The value where none is given.
    public var `default`: JSONValue?
    /// Which numbers it takes, for the types that are numbers.
    public var range: ConfigurationRange?
    /// The environment variable that serves where the configuration has no value. What is configured wins.
    public var environmentVariable: String?
    /// What to say where there is no value from anywhere; `nil` where the field is optional.
    public var requiredMessage: String?
    /// The key of a field whose value serves in place of a required one.
    public var alternative: String?
    /// Keys that say the same in other ways. At most one of them and this one may be set; where one of them is, this field has neither
    /// the value of its environment variable nor its default.
    public var rivals: [String]
    /// What the field is for, in a sentence or two.
    public var documentation: String

    /// A field. One of the type `secret` is secret anyway.
    public init(
        _ key: String, _ type: ConfigurationFieldType, default: JSONValue? = nil, range: ConfigurationRange? = nil,
        environmentVariable: String? = nil, requiredMessage: String? = nil, alternative: String? = nil, rivals: [String] = [],
        isSecret: Bool = false, documentation: String
    ) {
        self.key = key
        self.type = type
        self.isSecret = isSecret || type == .secret
        self.default = `default`
        self.range = range
        self.environmentVariable = environmentVariable
        self.requiredMessage = requiredMessage
        self.alternative = alternative
        self.rivals = rivals
        self.documentation = documentation
    }
}

extension ConfigurationField {
    /// What values it takes, for people: `a number of seconds greater than 0`.
    public var expectation: String { expectation(of: type) }

    private func expectation(of type: ConfigurationFieldType) -> String {
        let kind: String
        switch type {
        case .oneOf(let types): return types.map { expectation(of: $0) }.joined(separator: ", or ")
        case .string, .secret: kind = "a text"
        case .bool: kind = "true or false"
        case .int: kind = "a whole number"
        case .number: kind = "a number"
        case .seconds: kind = "a number of seconds"
        case .stringList: kind = "a list of texts"
        case .intList: kind = "a list of whole numbers"
        case .objectList: kind = "a list of mappings"
        case .choice(let names): kind = names.count == 1 ? names.joined() : "one of \(names.joined(separator: ", "))"
        case .object: kind = "a mapping"
        case .any: kind = "any value"
        }
        switch type {
        case .int, .number, .seconds, .intList: return range.map { "\(kind) \($0.phrase)" } ?? kind
        default: return kind
        }
    }

    /// Reads a node as what the field takes; `.none` where it is something else.
    func read(_ node: ConfigurationNode) -> JSONValue? { read(node, as: type) }

    private func read(_ node: ConfigurationNode, as type: ConfigurationFieldType) -> JSONValue? {
        switch type {
        case .string, .secret: node.string.map { .string($0) }
        case .bool: node.bool.map { .bool($0) }
        case .int: node.int.filter { isInRange(Double($0)) }.map { .integer($0) }
        case .number: node.double.filter(isInRange).map { .double($0) }
        case .seconds: node.seconds.filter { isInRange($0) && Self.secondsRange.contains($0) }.map { .double($0) }
        case .stringList: node.strings.map { .array($0.map { .string($0) }) }
        case .intList:
            node.ints.filter { $0.allSatisfy { isInRange(Double($0)) } }.map { .array($0.map { .integer($0) }) }
        case .objectList: node.mappings.map { .array($0.map(\.json)) }
        case .oneOf(let types): types.lazy.compactMap { read(node, as: $0) }.first
        case .choice(let names): node.string.flatMap { Self.choice($0, of: names) }.map { .string($0) }
        case .object: node.mapping.map { _ in node.json }
        case .any: node.json
        }
    }

    private static func choice(_ text: String, of names: [String]) -> String? {
        names.first { $0.lowercased() == text.lowercased() }
    }

    /// About 31 years. What counts times adds them up, and can count on room for that.
    static let longest = 1_000_000_000
    static let secondsRange = ConfigurationRange.between(-Double(longest), Double(longest))

    private func isInRange(_ value: Double) -> Bool { range?.contains(value) ?? true }

    /// What to do about a value that the field does not take.
    func hint(for node: ConfigurationNode) -> String? {
        switch type {
        case .choice(let names): node.string.flatMap { nearest(to: $0, among: names) }.map { "did you mean `\($0)`?" }
        case .seconds:
            node.seconds.map(Self.secondsRange.contains) == false ? "the limit is \(Self.longest) seconds" : "such as 300, 90s or 5m"
        case .stringList: "such as [a, b]"
        case .intList: "such as [1, 2]"
        case .string, .secret, .bool, .int, .number, .object, .objectList, .oneOf, .any: nil
        }
    }
}

extension Optional {
    fileprivate func filter(_ isIncluded: (Wrapped) -> Bool) -> Wrapped? { flatMap { isIncluded($0) ? $0 : nil } }
}
