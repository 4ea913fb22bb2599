import JSON
import ProviderKit

/// How much the answers to one question differ among themselves, where it was put several times.
public struct AnswerVariance: Sendable, Hashable {
    /// Which call of the old session, from 1.
    public var number: Int
    /// How many answers there are.
    public var answers: Int
    /// How many different ones, by text, tool calls and finish reason.
    public var distinct: Int
}

extension SessionComparison {
    /// The calls that were made several times, and how many different answers they got.
    public var variance: [AnswerVariance] {
        Dictionary(grouping: calls.filter { $0.new.failure == nil }, by: \.number).filter { $0.value.count > 1 }
            .map { number, calls in
                let answers = Set(calls.compactMap { $0.new.response.map(Self.essence) })
                return AnswerVariance(number: number, answers: calls.count, distinct: answers.count)
            }
            .sorted { $0.number < $1.number }
    }

    private static func essence(_ response: ChatResponse) -> JSONValue {
        var blocks: [JSONValue] = []
        for block in response.content {
            if let text = block.text {
                blocks.append(.string(text))
            } else if let call = block.toolCall {
                blocks.append([.string(call.name), .object(call.arguments)])
            }
        }
        return [.array(blocks), .optional(response.finishReason)]
    }
}
