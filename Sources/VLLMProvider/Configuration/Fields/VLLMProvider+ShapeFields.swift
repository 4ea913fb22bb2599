import Configuration
import JSON

extension VLLMProvider {
    /// The shape that an answer must have: of its text, and of the tool calls in it.
    static let shapeFields =
        [
            ConfigurationField(
                "response_format", .oneOf([.object, .choice(["text", "json", "json_object"])]),
                documentation:
                    "The shape of the answer in OpenAI's words: json, or {type: json_schema, json_schema: {name, schema, strict}}."),
            ConfigurationField(
                "structured_outputs", .object,
                documentation:
                    "The same in vLLM's words: one of json, json_object, regex, choice, grammar, structural_tag. Always by chat."),
        ]
        + OlderConstraints.keys.map { key in
            ConfigurationField(
                key, key == "guided_choice" ? .stringList : key == "guided_json" ? .oneOf([.object, .string]) : .string,
                documentation: "For servers before vLLM 0.12: the same in older words. Others refuse it.")
        } + [
            ConfigurationField(
                "tool_choice", .oneOf([.object, .string]),
                documentation: "Whether and which tool is called, where a call has tools: auto, none, required, or a tool's name."),
            ConfigurationField(
                "parallel_tool_calls", .bool, documentation: "Whether one answer may hold several calls; false always asks by chat."),
        ]
}
