import JSON
import VLLMClient

extension StructuredOutputs {
    private static let kinds = ["json", "json_object", "regex", "choice", "grammar", "structural_tag"]
    private static let flags = ["whitespace_pattern", "disable_any_whitespace", "disable_additional_properties"]

    /// Reads the option `structured_outputs`: exactly one kind of shape, in the words of vLLM's `StructuredOutputsParams`.
    init(option object: JSONObject) throws(OptionProblem) {
        let key = "structured_outputs"
        let given = object.filter { !$0.value.isNull }
        if let unknown = given.first(where: { !Self.kinds.contains($0.key) && !Self.flags.contains($0.key) }) {
            throw OptionProblem(
                "\(key).\(unknown.key)", "there is no such member",
                hint: "the members are \((Self.kinds + Self.flags).joined(separator: ", "))")
        }
        let shapes = given.filter { Self.kinds.contains($0.key) && $0.value != false }
        guard let shape = shapes.first, shapes.count == 1 else {
            let found = shapes.isEmpty ? "it says no shape" : "it says several shapes: \(shapes.map(\.key).joined(separator: ", "))"
            throw OptionProblem(key, found, hint: "write exactly one of \(Self.kinds.joined(separator: ", "))")
        }
        self.init(try Self.constraint(shape.key, shape.value, key: "\(key).\(shape.key)"))
        whitespacePattern = try Self.text(object["whitespace_pattern"], key: "\(key).whitespace_pattern")
        disableAnyWhitespace = try Self.bool(object["disable_any_whitespace"], key: "\(key).disable_any_whitespace")
        disableAdditionalProperties = try Self.bool(object["disable_additional_properties"], key: "\(key).disable_additional_properties")
    }

    /// Reads one kind of shape.
    /// - Parameter key: where it stands, for messages.
    static func constraint(_ kind: String, _ value: JSONValue, key: String) throws(OptionProblem) -> Constraint {
        switch kind {
        case "json": return .json(schema: .object(try schema(value, key: key)))
        case "json_object":
            guard try bool(value, key: key) == true else { throw OptionProblem(key, "expected true, found \(value.text)") }
            return .jsonObject
        case "choice":
            // Numbers and truth values are choices as they are written: YAML reads `[1, 2]` so.
            let texts = value.array?.compactMap { $0.string ?? ($0.object == nil && $0.array == nil && !$0.isNull ? $0.text : nil) }
            guard let texts, !texts.isEmpty, texts.count == value.array?.count else {
                throw OptionProblem(key, "expected a list of texts, found \(value.text)", hint: "such as [red, green]")
            }
            return .choice(texts)
        case "structural_tag": return .structuralTag(value.object == nil ? try text(value, key: key) ?? "" : value.text)
        case "grammar": return .grammar(try text(value, key: key) ?? "")
        default: return .regex(try text(value, key: key) ?? "")
        }
    }

    /// A JSON Schema, as a mapping or as JSON text.
    private static func schema(_ value: JSONValue, key: String) throws(OptionProblem) -> JSONObject {
        if let object = value.object { return object }
        guard let object = value.string.flatMap({ try? JSONValue(parsing: $0).object }) else {
            throw OptionProblem(key, "expected a JSON Schema, as a mapping or as JSON text")
        }
        return object
    }

    private static func text(_ value: JSONValue?, key: String) throws(OptionProblem) -> String? {
        guard let value, !value.isNull else { return nil }
        guard let text = value.string, !text.isEmpty else { throw OptionProblem(key, "expected a text, found \(value.text)") }
        return text
    }

    private static func bool(_ value: JSONValue?, key: String) throws(OptionProblem) -> Bool? {
        guard let value, !value.isNull else { return nil }
        guard let bool = value.bool else { throw OptionProblem(key, "expected true or false, found \(value.text)") }
        return bool
    }
}
