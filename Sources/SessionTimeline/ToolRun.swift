public import JSON
public import Timestamps

/// One run of a tool that a model called (`tool:pre`, then `tool:post` or `tool:error`).
public struct ToolRun: Sendable {
    /// The session that it belongs to.
    public var sessionID: String?
    /// The id of the model's call.
    public var callID: String?
    /// The tool's name.
    public var name: String
    /// What it was given.
    public var input: JSONValue?
    /// What it gave back.
    public var result: JSONValue?
    /// Why it failed, where it did.
    public var error: String?
    /// When it began.
    public var start: LogTimestamp?
    /// When it ended.
    public var end: LogTimestamp?
    /// The runs that were started together bear one id.
    public var groupID: String?

    /// A run of which nothing else is known yet.
    public init(name: String) {
        self.name = name
    }
}
