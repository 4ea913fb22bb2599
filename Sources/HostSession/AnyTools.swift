import JSON
import ProviderKit
import SessionLog

/// The tools of a session as one: runs a call by its name. Whatever goes wrong is a result that the model is told.
struct AnyTools: Sendable {
    struct Result: Sendable {
        var output: JSONValue
        var hasFailed: Bool
    }

    let tools: [String: any HostTool]

    func run(_ call: ToolCall) async -> Result {
        guard let tool = tools[call.name] else {
            return Result(output: ["error": .string("there is no tool \"\(call.name)\"")], hasFailed: true)
        }
        do { return Result(output: try await tool.run(call.arguments), hasFailed: false) } catch {
            return Result(output: ["error": .string("\(error)")], hasFailed: true)
        }
    }

    /// What a call's events say of it.
    static func data(of call: ToolCall, group: String) -> JSONObject {
        [
            "tool_name": .string(call.name), "tool_call_id": .string(call.id), "tool_input": .object(call.arguments),
            "parallel_group_id": .string(group),
        ]
    }

    static func newGroupID() -> String { SessionID.random() }
}
