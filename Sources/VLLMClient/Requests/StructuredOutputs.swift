public import JSON

/// A shape that the answer must have, in vLLM's words (vLLM 0.11 and later; before 0.12 the fields `guided_*`).
///
/// On `/v1/completions` of a server with a reasoning parser it holds only after `</think>`, which may stand in the prompt.
public struct StructuredOutputs: Sendable, Hashable {
    /// The kinds of shape; vLLM takes one at a time.
    public enum Constraint: Sendable, Hashable {
        /// JSON after a schema.
        case json(schema: JSONValue)
        /// Any JSON object.
        case jsonObject
        /// A text that the regular expression matches as a whole.
        case regex(String)
        /// One of the texts.
        case choice([String])
        /// A text of the grammar, in EBNF.
        case grammar(String)
        /// A structural tag, as JSON text.
        case structuralTag(String)
    }

    /// The shape.
    public var constraint: Constraint
    /// A regular expression for the white space in JSON.
    public var whitespacePattern: String?
    /// Allows no white space in JSON.
    public var disableAnyWhitespace: Bool?
    /// Allows no members that the schema does not name.
    public var disableAdditionalProperties: Bool?

    /// A shape without further options.
    public init(_ constraint: Constraint) { self.constraint = constraint }

    var json: JSONObject {
        var body = RequestBody()
        switch constraint {
        case .json(let schema): body.set("json", schema)
        case .jsonObject: body.set("json_object", true)
        case .regex(let pattern): body.set("regex", pattern)
        case .choice(let texts): body.set("choice", texts)
        case .grammar(let grammar): body.set("grammar", grammar)
        case .structuralTag(let tag): body.set("structural_tag", tag)
        }
        body.set("whitespace_pattern", whitespacePattern)
        body.set("disable_any_whitespace", disableAnyWhitespace)
        body.set("disable_additional_properties", disableAdditionalProperties)
        return body.object
    }
}
