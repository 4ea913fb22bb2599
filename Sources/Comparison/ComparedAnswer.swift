public import ProviderKit
public import SessionTimeline

/// One side of a comparison: what a call was answered.
public struct ComparedAnswer: Sendable {
    /// The call's id in its log; `nil` where there is none.
    public var requestID: String?
    /// The model that was asked.
    public var model: String?
    /// The answer; where the call failed, what had arrived of it.
    public var response: ChatResponse?
    /// Why the call failed; `nil` where it did not.
    public var failure: ProviderCall.Failure?
    /// How long it took.
    public var latency: AnswerLatency

    /// Whether it is known what became of the call.
    var isKnown: Bool { response != nil || failure != nil }

    /// An answer.
    public init(
        requestID: String? = nil, model: String? = nil, response: ChatResponse? = nil, failure: ProviderCall.Failure? = nil,
        latency: AnswerLatency = AnswerLatency()
    ) {
        self.requestID = requestID
        self.model = model
        self.response = response
        self.failure = failure
        self.latency = latency
    }
}
