import JSON
import ProviderKit
import VLLMClient

/// What one chunk of a stream, or a whole answer, says: the same for both endpoints.
struct AnswerPart {
    var id: String?
    var model: String?
    var choices: [Choice]
    var usage: CompletionUsage?
    var systemFingerprint: String?

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
    }

    struct ToolCall {
        var index: Int
        var id: String?
        var name: String?
        var arguments: String?
    }
}

extension AnswerPart {
    init(_ chunk: ChatCompletionChunk) {
        self.init(
            id: chunk.id, model: chunk.model,
            choices: chunk.choices.map { choice in
                Choice(
                    index: choice.index, thinking: choice.delta.reasoning, text: choice.delta.content,
                    toolCalls: choice.delta.toolCalls.map {
                        ToolCall(index: $0.index, id: $0.id, name: $0.name, arguments: $0.arguments)
                    },
                    logprobs: choice.logprobs, finishReason: choice.finishReason, stopReason: choice.stopReason)
            },
            usage: chunk.usage, systemFingerprint: chunk.systemFingerprint)
    }

    init(_ answer: ChatCompletion) {
        self.init(
            id: answer.id, model: answer.model,
            choices: answer.choices.map { choice in
                Choice(
                    index: choice.index, thinking: choice.message.reasoning, text: choice.message.content,
                    toolCalls: choice.message.toolCalls.enumerated().map {
                        ToolCall(index: $0, id: $1.id, name: $1.name, arguments: $1.arguments)
                    },
                    logprobs: choice.logprobs, finishReason: choice.finishReason, stopReason: choice.stopReason)
            },
            usage: answer.usage, systemFingerprint: answer.systemFingerprint)
    }

    init(_ chunk: CompletionChunk) {
        self.init(
            id: chunk.id, model: chunk.model,
            choices: chunk.choices.map {
                Choice(
                    index: $0.index, text: $0.text, logprobs: $0.logprobs, finishReason: $0.finishReason, stopReason: $0.stopReason)
            },
            usage: chunk.usage, systemFingerprint: chunk.systemFingerprint)
    }

    init(_ answer: Completion) {
        self.init(
            id: answer.id, model: answer.model,
            choices: answer.choices.map {
                Choice(
                    index: $0.index, text: $0.text, logprobs: $0.logprobs, finishReason: $0.finishReason, stopReason: $0.stopReason)
            },
            usage: answer.usage, systemFingerprint: answer.systemFingerprint)
    }
}
