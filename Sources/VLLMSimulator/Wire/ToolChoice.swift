import JSON

/// What a request says about calling tools.
enum ToolChoice {
    case none, auto, required
    case named(String)

    /// Reads `tool_choice`: without it tools are a matter of the model's.
    init(_ body: FieldReader, tools: [JSONValue], options: VLLMSimulator.Options) throws(WireError) {
        switch body["tool_choice"] {
        case nil: self = tools.isEmpty ? .none : .auto
        case "none": self = .none
        case "auto": self = tools.isEmpty ? .none : .auto
        case "required": self = .required
        case .string(let text)?:
            let message = "Invalid value for `tool_choice`: \(text)! Only named tools, \"none\", \"auto\" or \"required\" are supported."
            throw .parameter("tool_choice", message)
        case let choice?:
            let name = choice["function"]?["name"]?.string ?? ""
            guard tools.contains(where: { $0["function"]?["name"]?.string == name }) else {
                throw .parameter("tool_choice", "The tool specified in `tool_choice` does not match any of the specified `tools`")
            }
            self = .named(name)
        }
        try checkParser(tools: tools, options: options)
    }

    private func checkParser(tools: [JSONValue], options: VLLMSimulator.Options) throws(WireError) {
        if tools.isEmpty, case .required = self {
            throw .parameter("tool_choice", "When using `tool_choice`, `tools` must be set.")
        }
        guard !options.toolParser else { return }
        switch self {
        case .none: break
        case .auto: throw .badRequest("\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set")
        case .required: throw .badRequest("tool_choice=\"required\" requires --tool-call-parser to be set")
        case .named(let name): throw .badRequest("tool_choice=function \"\(name)\" requires --tool-call-parser to be set")
        }
    }

    /// Whether tool calls are told apart from the text.
    var parsesCalls: Bool { if case .none = self { false } else { true } }

    /// Whether the model must call.
    func forcedCall(tools: [JSONValue]) -> TinyModel.ForcedCall? {
        switch self {
        case .none, .auto: nil
        case .required: TinyModel.ForcedCall(name: nil, tools: tools)
        case .named(let name): TinyModel.ForcedCall(name: name, tools: tools)
        }
    }

    /// The finish reason that is told where tools were called: a named tool leaves the model's own.
    func finishReason(_ own: String) -> String {
        switch self {
        case .none, .named: own
        case .auto, .required: "tool_calls"
        }
    }
}
