public import JSON
public import ProviderKit

/// What happens while a session answers a prompt.
public enum TurnEvent: Sendable {
    /// A step of a provider's answer.
    case answer(ProviderEvent)
    /// A tool begins to run.
    case toolStarted(ToolCall)
    /// A tool is done; `hasFailed` says whether the output is an error that the model is told.
    case toolFinished(ToolCall, output: JSONValue, hasFailed: Bool)
}

/// A session's answer to a prompt.
public struct TurnResult: Sendable {
    /// The provider's answers, one for each time it was asked; the last one is the answer to the prompt.
    public var responses: [ChatResponse]
    /// The name that the provider of the last answer is mounted under.
    public var provider: String
    /// From the prompt to the first token of the first answer.
    public var timeToFirstToken: Duration?
    /// From the prompt to the end.
    public var duration: Duration

    /// The answer to the prompt.
    public var response: ChatResponse { responses.last ?? ChatResponse(content: []) }

    /// What all the calls took together.
    public var usage: Usage? {
        let usages = responses.compactMap(\.usage)
        guard var sum = usages.first else { return nil }
        for usage in usages.dropFirst() { sum.add(usage) }
        return sum
    }
}
