/// How much of an answer is read into memory.
public struct ResponseLimits: Sendable, Hashable {
    /// The most bytes of an answer that is not streamed.
    public var body: Int
    /// The most bytes of an error's body that are read.
    public var errorBody: Int
    /// The most bytes of one event of a stream.
    public var event: Int

    /// Limits in bytes: by default 256 MiB, 1 MiB and 16 MiB.
    public init(body: Int = 256 << 20, errorBody: Int = 1 << 20, event: Int = 16 << 20) {
        self.body = body
        self.errorBody = errorBody
        self.event = event
    }
}
