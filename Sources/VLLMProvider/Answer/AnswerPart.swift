import JSON
import ProviderKit
import VLLMClient

/// What one chunk of a stream, or a whole answer, says: the same for both endpoints.
struct AnswerPart {
    var id: String?
    var model: String?
    var created: Int?
    var choices: [Choice]
    var usage: CompletionUsage?
    var promptTokenIDs: [Int]?
    var promptLogprobs: PromptLogprobs?
    /// What else the server says, under its own keys.
    var fields: JSONObject = [:]

    struct Choice {
        var index: Int
        /// Reasoning that the server told apart.
        var thinking: String?
        /// The answer's text, or the model's raw text with its markup.
        var text: String?
        var toolCalls: [ToolCall] = []
        var logprobs: TokenLogprobs?
        var finishReason: String?
        var stopReason: JSONValue?
        var tokenIDs: [Int]?
        var promptTokenIDs: [Int]?
        var promptLogprobs: PromptLogprobs?
        /// What else the server says of the choice or its message, under its own keys.
        var fields: JSONObject = [:]

        /// The longest finish reason that is kept whole, in scalars. Servers have words.
        private static let finishReasonLimit = 200

        /// The finish reason, cut where it is no word any more.
        var shortFinishReason: String? {
            finishReason.map {
                $0.utf8.count <= Self.finishReasonLimit ? $0 : String($0.unicodeScalars.prefix(Self.finishReasonLimit)) + "…"
            }
        }

        /// The stop reason, where it is what a server tells as one: a stop string or the id of a token.
        var readableStopReason: JSONValue? { stopReason.flatMap { $0.string != nil || $0.int != nil ? $0 : nil } }
    }

    struct ToolCall {
        var index: Int
        var id: String?
        var name: String?
        var arguments: String?
    }
}
