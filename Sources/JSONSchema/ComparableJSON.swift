internal import JSON

/// A JSON value in the form in which values are compared: numbers by value, strings by their scalars, objects in any order.
enum ComparableJSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(ExactDecimal)
    case string(ExactText)
    case array([ComparableJSON])
    case object([ExactText: ComparableJSON])

    /// Deeper values are not compared: making, comparing and hashing one recurses, and Darwin's pool threads have 512 KB of stack.
    static let maxDepth = 40

    /// The comparable form; `nil` for a value of more levels.
    init?(_ value: JSONValue, levels: Int = maxDepth) {
        guard levels > 0 else { return nil }
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let value): self = .number(ExactDecimal(value))
        case .string(let value): self = .string(ExactText(value))
        case .array(let values):
            var comparable: [ComparableJSON] = []
            for value in values {
                guard let element = ComparableJSON(value, levels: levels - 1) else { return nil }
                comparable.append(element)
            }
            self = .array(comparable)
        case .object(let members):
            var comparable: [ExactText: ComparableJSON] = [:]
            for (key, value) in members {
                guard let member = ComparableJSON(value, levels: levels - 1) else { return nil }
                comparable[ExactText(key)] = member
            }
            self = .object(comparable)
        }
    }
}

/// A text of which each scalar counts: for `String` two spellings of `é` are equal, in JSON they are not.
struct ExactText: Sendable, Hashable {
    private let utf8: [UInt8]

    init(_ text: String) { utf8 = Array(text.utf8) }
}
