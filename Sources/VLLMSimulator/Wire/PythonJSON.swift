import JSON

extension JSONValue {
    /// The value as Python's `json.dumps` writes it, with a space after `,` and `:`, as templates and error events have it.
    var pythonText: String {
        switch self {
        case .array(let elements): "[" + elements.map(\.pythonText).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(JSONValue.string($0.key).text): \($0.value.pythonText)" }.joined(separator: ", ") + "}"
        default: text
        }
    }
}
