internal import JSON

/// A JSON value in the form in which values are compared: numbers by value, strings by their scalars, objects in any order.
enum ComparableJSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(ExactDecimal)
    case string(ExactText)
    case array([ComparableJSON])
    case object([ExactText: ComparableJSON])

    init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let value): self = .number(ExactDecimal(value))
        case .string(let value): self = .string(ExactText(value))
        case .array(let values): self = .array(values.map(ComparableJSON.init))
        case .object(let members):
            var comparable: [ExactText: ComparableJSON] = [:]
            for (key, value) in members { comparable[ExactText(key)] = ComparableJSON(value) }
            self = .object(comparable)
        }
    }
}

/// A text of which each scalar counts: for `String` two spellings of `é` are equal, in JSON they are not.
struct ExactText: Sendable, Hashable {
    private let utf8: [UInt8]

    init(_ text: String) { utf8 = Array(text.utf8) }
}
