import Configuration
import JSON

extension VLLMProvider {
    /// How reasoning and tool calls are told from an answer's text.
    static let markupFields = [
        ConfigurationField(
            "tool_call_parser", .choice(ToolCallParser.names),
            documentation:
                "How tool calls are written in a model's text; auto, the default, goes by the model's template, then by its name."),
        ConfigurationField(
            "repair_tool_calls", .bool,
            documentation:
                "Repairs malformed arguments of tool calls where that can be done in one way only, and records it; by default not."),
        ConfigurationField(
            "thinking_markup", .choice(ThinkingMarkup.allCases.map(\.rawValue)),
            documentation:
                "Whether <think> in a text opens reasoning (auto, the default), answers begin inside it (open), or tags are text (none)."),
    ]
}
