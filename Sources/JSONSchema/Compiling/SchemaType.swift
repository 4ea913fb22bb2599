internal import JSON

/// The types that the keyword `type` knows.
enum SchemaType: String, CaseIterable, Sendable {
    case null, boolean, integer, number, string, array, object

    func holds(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.integer, .number(let number)): ExactDecimal(number).isInteger
        case (.null, .null), (.boolean, .bool), (.number, .number), (.string, .string), (.array, .array), (.object, .object): true
        default: false
        }
    }

    /// The name with its article, for messages.
    var shown: String {
        switch self {
        case .null: "null"
        case .integer, .array, .object: "an \(rawValue)"
        default: "a \(rawValue)"
        }
    }
}
