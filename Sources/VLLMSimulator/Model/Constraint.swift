import JSON

/// What a request demands of an answer's form.
enum Constraint {
    /// One of these texts.
    case choice([String])
    /// JSON after a schema.
    case json(schema: JSONValue)
    /// A regular expression, a grammar or a tag: the model's own answer is taken to fit.
    case opaque

    /// Reads `structured_outputs` and `response_format`.
    init?(_ body: FieldReader) throws(WireError) {
        if let outputs = try body.nested("structured_outputs") {
            self = try Self.structured(outputs)
            return
        }
        guard let format = try body.nested("response_format") else { return nil }
        switch try format.string("type") {
        case "text": return nil
        case "json_object": self = .json(schema: ["type": "object"])
        case "json_schema":
            guard let schema = try format.nested("json_schema") else {
                throw .parameter(
                    "response_format", "When response_format type is 'json_schema', the 'json_schema' field must be provided.")
            }
            self = .json(schema: schema["schema"] ?? ["type": "object"])
        case "structural_tag": self = .opaque
        case let type:
            let allowed = "'text', 'json_object' or 'json_schema'"
            throw .schema(
                type: "literal_error", at: "response_format.type", "Input should be \(allowed)", input: type.map { .string($0) } ?? .null,
                context: "'expected': \"\(allowed)\"")
        }
    }

    private static let kinds = ["json", "regex", "choice", "grammar", "json_object", "structural_tag"]

    private static func structured(_ outputs: FieldReader) throws(WireError) -> Constraint {
        let given = kinds.filter { outputs[$0] != nil }
        guard given.count < 2 else {
            throw .badRequest("You can only use one kind of constraints for structured outputs ('json', 'regex' or 'choice').")
        }
        switch given.first {
        case "json":
            if let text = outputs["json"]?.string { return .json(schema: (try? JSONValue(parsing: text)) ?? ["type": "object"]) }
            return .json(schema: outputs["json"] ?? [:])
        case "json_object": return .json(schema: ["type": "object"])
        case "choice":
            let choices = (try outputs.array("choice") ?? []).compactMap(\.string)
            guard !choices.isEmpty else { throw .badRequest("Choice '[]' cannot be an empty list") }
            return .choice(choices)
        case .some: return .opaque
        case nil:
            throw .badRequest(
                "You must use one kind of structured outputs constraint but none are specified: {'json': None, 'regex': None, "
                    + "'choice': None, 'grammar': None, 'json_object': None, 'disable_any_whitespace': False, "
                    + "'disable_additional_properties': False, 'whitespace_pattern': None, 'structural_tag': None, '_backend': None, "
                    + "'_backend_was_auto': False}")
        }
    }

    /// The answer in the form demanded: the model's own where it fits, else the simplest that does.
    func fit(_ answer: String) -> String {
        switch self {
        case .opaque: return answer
        case .choice(let choices): return choices.contains(answer) ? answer : choices.first ?? answer
        case .json(let schema):
            let schema = SchemaSample(schema: schema)
            if let value = try? JSONValue(parsing: answer), schema.accepts(value) { return answer }
            return schema.value.pythonText
        }
    }
}
