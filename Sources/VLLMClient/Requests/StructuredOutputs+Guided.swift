public import JSON

extension StructuredOutputs {
    /// The shape in the words of vLLM before 0.11: `guided_json` and its kin, members of the request itself. vLLM 0.12 and later ignore
    /// them without a word. `disableAnyWhitespace` and `disableAdditionalProperties` have no such words.
    public var guidedFields: JSONObject {
        var body = RequestBody()
        switch constraint {
        case .json(let schema): body.set("guided_json", schema)
        case .jsonObject: body.set("response_format", ResponseFormat.jsonObject.json)
        case .regex(let pattern): body.set("guided_regex", pattern)
        case .choice(let texts): body.set("guided_choice", texts)
        case .grammar(let grammar): body.set("guided_grammar", grammar)
        case .structuralTag(let tag): body.set("structural_tag", tag)
        }
        body.set("guided_whitespace_pattern", whitespacePattern)
        return body.object
    }
}
