import JSON
import VLLMClient

extension ServerToolChoice {
    /// Reads a `tool_choice` as OpenAI's two APIs, Anthropic's and people write it.
    static func option(_ json: JSONValue) throws(OptionProblem) -> ServerToolChoice {
        switch json {
        case "auto": return .auto
        case "none": return .none
        case "required": return .required
        case .string(let name): return .function(name)
        default: break
        }
        if let name = (json["function"]?["name"] ?? json["name"])?.string { return .function(name) }
        switch json["type"] {
        case "auto": return .auto
        case "none": return .none
        case "any", "required": return .required
        default: throw OptionProblem("tool_choice", "it names no tool: \(json.text)", hint: "write auto, none, required or a tool's name")
        }
    }
}
