import JSON
import ProviderKit
import VLLMClient

extension CallPlan {
    /// A tool as OpenAI's API has it. What the host says of it beyond the contract, such as `strict`, belongs to the function.
    static func tool(_ tool: ToolSpec) -> JSONObject {
        var function: JSONObject = ["name": .string(tool.name)]
        function["description"] = tool.description.map { .string($0) }
        function["parameters"] = .object(tool.parameters)
        // OpenAI's newer API has the type beside the name.
        for (key, value) in tool.additional where key != "type" { function[key] = value }
        return ["type": "function", "function": .object(function)]
    }

    /// The choice that is sent; `nil` without tools, as servers refuse it then.
    /// - Throws: `ProviderError`, for a choice that the tools do not leave.
    static func toolChoice(_ options: GenerationOptions, tools: [ToolSpec]) throws(ProviderError) -> ServerToolChoice? {
        guard !tools.isEmpty else {
            switch options.toolChoice {
            case .required? where options.isToolChoiceOfCall, .function? where options.isToolChoiceOfCall:
                throw ProviderError(
                    .invalidRequest, "tool_choice: the model must call a tool, and the request has none",
                    hint: "send tools, or leave tool_choice out")
            default: return nil
            }
        }
        if case .function(let name)? = options.toolChoice, !tools.contains(where: { $0.name == name }) {
            throw ProviderError(
                .invalidRequest, "tool_choice: there is no tool \"\(name)\"",
                hint: "the tools are \(tools.map(\.name).joined(separator: ", "))")
        }
        return options.toolChoice
    }
}
