/// How reasoning and tool calls are told from an answer's text.
struct MarkupOptions {
    var toolCallParser: ToolCallParser
    var repairsToolCalls: Bool
    var thinking: ThinkingMarkup

    init(_ options: OptionReader) {
        toolCallParser = ToolCallParser(options.string("tool_call_parser"))
        repairsToolCalls = options.bool("repair_tool_calls") ?? false
        thinking = options.string("thinking_markup").flatMap(ThinkingMarkup.init(rawValue:)) ?? .auto
    }
}
