import ProviderKit
import SessionTimeline

/// A call of one session and the same call of another one, compared.
public struct CallComparison: Sendable {
    /// Which call of the old session, from 1.
    public let number: Int
    /// Which sending of it, from 1, where each was sent several times.
    public let repetition: Int
    /// What the user had said last; `nil` where that is not known.
    public let prompt: String?
    /// Whether the same was asked: the same messages and tools. `nil` where that is not known.
    public let isSameRequest: Bool?
    /// What was answered then.
    public let old: ComparedAnswer
    /// What was answered now.
    public let new: ComparedAnswer
    /// The answers side by side, one for each choice; what had arrived, where a call failed. Empty where one of the calls had no answer.
    public let answers: [AnswerComparison]
    /// The counts of tokens that differ.
    public let usage: [UsageDifference]

    /// Compares two calls.
    public init(
        number: Int, repetition: Int = 1, prompt: String? = nil, isSameRequest: Bool? = nil, old: ComparedAnswer, new: ComparedAnswer
    ) {
        self.number = number
        self.repetition = repetition
        self.prompt = prompt
        self.isSameRequest = isSameRequest
        self.old = old
        self.new = new
        if let response = old.response, let newResponse = new.response {
            answers = (0..<max(response.choiceCount, newResponse.choiceCount)).map {
                AnswerComparison(choice: $0, old: response, new: newResponse)
            }
            usage = UsageDifference.between(response.usage, newResponse.usage)
        } else {
            answers = []
            usage = []
        }
    }

    /// In what the calls differ. Answers of failed calls differ by how much had arrived, which is no difference of its own where both failed
    /// alike.
    public var differences: Set<ComparedAspect> {
        if old.failure != nil || new.failure != nil {
            return old.failure.map(\.type) == new.failure.map(\.type) ? [] : [.failure]
        }
        // A call of which no answer is known is told apart from one with an answer.
        if answers.isEmpty { return (old.response == nil) == (new.response == nil) ? [] : [.failure] }
        return answers.reduce(into: []) { $0.formUnion($1.differences) }
    }

    /// How much the texts have in common, from 0 to 1; of several choices, the least.
    public var similarity: Double? { answers.map(\.text.similarity).min() }

    /// Whether the new call failed although the old one did not.
    public var isNewFailure: Bool { new.failure != nil && old.failure == nil }
}
