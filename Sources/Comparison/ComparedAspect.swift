/// What answers may differ in.
public enum ComparedAspect: String, Sendable, Hashable, CaseIterable {
    /// The text.
    case text
    /// The reasoning.
    case thinking
    /// Which tools are called, with which arguments.
    case toolCalls = "tool_calls"
    /// Why the answer ended.
    case finishReason = "finish_reason"
    /// Whether the call failed, and with which class of error.
    case failure
}
