import JSON
import ProviderKit

/// The tools of a session as one: runs a call by its name. Whatever goes wrong is a result that the model is told.
struct AnyTools: Sendable {
    struct Result: Sendable {
        var output: JSONValue
        var hasFailed: Bool

        /// What `tool:error` says of a failure, in the shape of Amplifier's loops.
        var eventError: JSONValue {
            let message: JSONValue = output["error"] ?? output
            return ["type": "ToolError", "msg": .string(message.string ?? message.text)]
        }
    }

    let tools: [String: any HostTool]

    /// Runs calls side by side; the results are in the calls' order.
    func run(_ calls: [ToolCall]) async -> [Result] {
        await withTaskGroup(of: (Int, Result).self) { group in
            for (index, call) in calls.enumerated() { group.addTask { (index, await run(call)) } }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func run(_ call: ToolCall) async -> Result {
        guard let tool = tools[call.name] else {
            return Result(output: ["error": .string("there is no tool \"\(call.name)\"")], hasFailed: true)
        }
        do { return Result(output: try await tool.run(call.arguments), hasFailed: false) } catch {
            return Result(output: ["error": .string(error is CancellationError ? "cancelled" : "\(error)")], hasFailed: true)
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
