public import JSON

/// An answer of `/v1/embeddings` (vLLM 0.32).
public struct EmbeddingList: Sendable, Hashable {
    /// The answer's id: `embd-` and the request's id.
    public var id: String?
    /// When the request arrived, in seconds since 1970.
    public var created: Int?
    /// The model that answered.
    public var model: String?
    /// The vectors in the order of the input, one for each part of it, all of one length.
    public var embeddings: [Embedding]
    /// How many tokens were read.
    public var usage: CompletionUsage?
    /// What else the server says: members unknown here that are not null.
    public var additional: JSONObject = [:]
    /// The whole answer as it came, when the call asked for it: read at each look at it.
    public var raw: JSONObject? {
        get { answer?.object }
        set { answer = newValue.map { AnswerText($0) } }
    }
    var answer: AnswerText?

    /// The vector of one input.
    public struct Embedding: Sendable, Hashable {
        /// Which part of the input it is of.
        public var index: Int
        /// Its numbers. They may be NaN or infinite where the model's were.
        public var vector: [Float]
    }
}
