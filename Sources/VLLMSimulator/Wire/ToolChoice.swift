import JSON

/// What a request says about calling tools.
enum ToolChoice {
    case none, auto, required
    case named(String)

    /// Reads `tool_choice`: without it tools are a matter of the model's.
    init(_ body: FieldReader, tools: [JSONValue], options: VLLMSimulator.Options) throws(WireError) {
        let choice = body["tool_choice"]
        guard choice == nil || choice == "none" || !tools.isEmpty else {
            throw .parameter("tool_choice", "When using `tool_choice`, `tools` must be set.")
        }
        switch choice {
        case nil: self = tools.isEmpty ? .none : .auto
        case "none": self = .none
        case "auto": self = .auto
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
        try checkParser(options)
    }

    private func checkParser(_ options: VLLMSimulator.Options) throws(WireError) {
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

    /// The finish reason that is told: where tools were called it is theirs, but a named tool leaves the model's own, and so does
    /// what cut the answer off, except where `auto` is not streamed.
    func finishReason(_ finish: Generation.Finish?, calls: Bool, isStreamed: Bool) -> String {
        let own = finish?.reason ?? .stop
        switch self {
        case .auto where calls && (own == .stop || !isStreamed), .required where own == .stop && (calls || !isStreamed): return "tool_calls"
        case .none, .named, .auto, .required: return own.rawValue
        }
    }
}
