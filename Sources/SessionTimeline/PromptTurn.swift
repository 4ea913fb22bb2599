public import Timestamps

/// One prompt of the user and all that was done to answer it (`prompt:submit` to `orchestrator:complete`).
public struct PromptTurn: Sendable {
    /// The session that it belongs to: a log may hold several.
    public var sessionID: String?
    /// What the user said; `nil` where the log begins behind it.
    public var prompt: String?
    /// When it was put.
    public var start: LogTimestamp?
    /// When it was answered, or failed.
    public var end: LogTimestamp?
    /// How it ended: `success`, `error`, `cancelled`; `nil` where the log does not say.
    public var status: String?
    /// What was done, in the order in which it began.
    public var steps: [Step] = []

    /// Something that was done for a prompt.
    public enum Step: Sendable {
        /// A call of a provider.
        case call(ProviderCall)
        /// A run of a tool.
        case tool(ToolRun)
    }

    /// A prompt of which nothing is known yet.
    public init() {}

    /// The calls of providers among the steps.
    public var calls: [ProviderCall] {
        steps.compactMap { if case .call(let call) = $0 { call } else { nil } }
    }

    /// The runs of tools among the steps.
    public var tools: [ToolRun] {
        steps.compactMap { if case .tool(let tool) = $0 { tool } else { nil } }
    }
}
