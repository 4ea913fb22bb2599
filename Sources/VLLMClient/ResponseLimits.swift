/// How much of an answer is read, in bytes. What is larger is an error, as soon as the limit is passed: no more of it is read.
public struct ResponseLimits: Sendable, Hashable {
    /// The most bytes of an answer that is not streamed.
    public var body: Int
    /// The most bytes of an error's body that are read; what is behind them is not looked at, and no error.
    public var errorBody: Int
    /// The most bytes of one line and of one event of a stream.
    public var event: Int
    /// The most bytes of a whole stream, comments and all.
    public var stream: Int

    /// Limits: by default 32 MiB, 1 MiB, 16 MiB and 1 GiB.
    public init(body: Int = 32 << 20, errorBody: Int = 1 << 20, event: Int = 16 << 20, stream: Int = 1 << 30) {
        self.body = body
        self.errorBody = errorBody
        self.event = event
        self.stream = stream
    }
}
