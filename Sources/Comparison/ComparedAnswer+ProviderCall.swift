import JSON
public import ProviderKit
public import SessionTimeline

extension ComparedAnswer {
    /// What a call of a log was answered.
    ///
    /// Logs without raw records have the answer's blocks as the loop told them, whole, but no log-probabilities. What the debug level has is
    /// cut, and no answer.
    public init(_ call: ProviderCall) {
        let recorded = call.response.flatMap { try? ChatResponse(json: $0) }
        var response = call.request == nil ? ChatResponse(told: call) ?? recorded : recorded ?? ChatResponse(told: call)
        var failure = call.failure
        if let error = call.error.flatMap({ try? ProviderError(json: $0) }) {
            response = response ?? error.partialResponse
            failure = failure ?? ProviderCall.Failure(error)
        }
        if failure == nil, call.status == .error { failure = ProviderCall.Failure(message: "failed; the log does not say why") }
        let usage = response?.usage ?? call.usage
        self.init(
            requestID: call.requestID, model: call.model, response: response, failure: failure,
            latency: AnswerLatency(
                timeToFirstToken: call.timeToFirstToken, duration: call.duration, outputTokens: usage?.outputTokens))
    }
}

extension ProviderCall.Failure {
    /// A provider's error as its log tells it.
    public init(_ error: ProviderError) {
        self.init(type: error.code.className, message: error.description, statusCode: error.status)
    }

    /// The class of the error, where it is one of Amplifier's.
    var code: ProviderError.Code? { ProviderError.Code.all.first { $0.className == type } }
}

extension ChatResponse {
    /// An answer from the blocks that the loop told of; `nil` where it told of none.
    fileprivate init?(told call: ProviderCall) {
        let blocks = call.blocks.compactMap { block -> ContentBlock? in
            var block = block
            // `content_block:end` has the arguments under the name that Amplifier's `content_models` gives them.
            if block["type"] == "tool_call", block["input"] == nil { block["input"] = block.removeValue(forKey: "arguments") }
            return try? ContentBlock(json: .object(block))
        }
        guard !blocks.isEmpty else { return nil }
        self.init(content: blocks, usage: call.usage, finishReason: call.finishReason)
    }
}
