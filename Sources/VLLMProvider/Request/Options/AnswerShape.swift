import JSON
import VLLMClient

/// The shape that an answer must have, said in one way or in none.
struct AnswerShape {
    static let keys = ["response_format", "structured_outputs"] + OlderConstraints.keys

    /// OpenAI's way.
    var responseFormat: ServerResponseFormat?
    /// vLLM's way.
    var structuredOutputs: StructuredOutputs?
    /// The `guided_*` option that `structuredOutputs` is from; servers that know no `guided_*` must not be sent it in silence.
    var olderKey: String?

    init(_ options: OptionReader) throws(OptionProblem) {
        let layer = options.layer(of: Self.keys)
        responseFormat = try layer["response_format"].flatMap { json throws(OptionProblem) in try ServerResponseFormat.option(json) }
        if let object = layer["structured_outputs"]?.object { structuredOutputs = try StructuredOutputs(option: object) }
        let older = OlderConstraints.keys.filter { layer[$0] != nil }
        let ways = (responseFormat == nil ? [] : ["response_format"]) + (structuredOutputs == nil ? [] : ["structured_outputs"]) + older
        guard ways.count <= 1 else {
            throw OptionProblem(ways[1], "\(ways[0]) is set, too, and an answer has one shape", hint: "leave one of them out")
        }
        guard let key = older.first, let value = layer[key] else { return }
        olderKey = key
        structuredOutputs = try OlderConstraints.read(key, value)
    }
}
