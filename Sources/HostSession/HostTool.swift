public import JSON
public import ProviderKit

/// A tool that a session offers to its model and runs when the model calls it.
public protocol HostTool: Sendable {
    /// What the model is told of the tool.
    var spec: ToolSpec { get }

    /// Runs the tool. What it throws is told to the model as the call's result.
    func run(_ arguments: JSONObject) async throws -> JSONValue
}
