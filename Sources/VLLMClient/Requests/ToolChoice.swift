import JSON

/// Whether the model must, may or must not call a tool (`tool_choice`).
public enum ToolChoice: Sendable, Hashable {
    /// No call is parsed. vLLM does not stop the model: markup of a call then arrives as text.
    case none
    /// The model decides; what holds when tools are sent without a choice.
    case auto
    /// At least one call.
    case required
    /// A call of this function; the finish reason is then `stop`, not `tool_calls` (vLLM 0.32).
    case function(String)

    var json: JSONValue {
        switch self {
        case .none: "none"
        case .auto: "auto"
        case .required: "required"
        case .function(let name): ["type": "function", "function": ["name": .string(name)]]
        }
    }
}
