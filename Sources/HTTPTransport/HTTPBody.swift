/// A response's body: batches of bytes, each holding all that arrived since the last one was taken. Chunk borders mean nothing.
///
/// It can be read once. Reading slowly slows the sender down: the transport stops reading from the socket while its buffer is
/// full. Dropping the body and its iterator before the end, or cancelling the task that waits in `next`, closes the connection at once.
public struct HTTPBody: AsyncSequence, Sendable {
    /// A batch of bytes, never empty.
    public typealias Element = [UInt8]
    /// What ends a body before its end.
    public typealias Failure = TransportError

    private let source: any HTTPBodySource

    /// A body that `source` gives out.
    public init(_ source: any HTTPBodySource) {
        self.source = source
    }

    /// The one way through the body; a second iterator goes on where the first one stopped.
    public func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    /// Reads one batch after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let source: any HTTPBodySource

        /// The next batch, or `nil` at the end of the body.
        /// - Throws: `TransportError` when the connection breaks, a time limit passes or the task is cancelled.
        nonisolated(nonsending) public mutating func next() async throws(TransportError) -> [UInt8]? {
            try await source.next(by: nil)
        }

        /// The next batch, or `nil` at the end of the body; for a reader who does not wait for ever.
        ///
        /// The time before the reader waits does not count: what has arrived is handed out, however late. The limits of one batch after
        /// the other cost nothing but a note: no timer is set for each.
        /// - Throws: `limit.error` when nothing came in time, upon which the connection is closed; `TransportError` as `next()`.
        nonisolated(nonsending) public mutating func next(by limit: ReadLimit?) async throws(TransportError) -> [UInt8]? {
            try await source.next(by: limit)
        }

        /// The next batch, or `nil` at the end of the body.
        /// - Throws: `TransportError` when the connection breaks, a time limit passes or the task is cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(TransportError) -> [UInt8]? {
            try await source.next(by: nil)
        }
    }

    /// Stops the exchange and closes its connection, unless the body has been read to its end; whoever waits for a batch gets `.cancelled`.
    public func cancel() { source.cancel() }

    /// Reads all that is left.
    /// - Parameters:
    ///   - limit: how many bytes are read at most.
    ///   - time: until when.
    ///   - count: how many bytes there are to be, where the head says so: makes room for them, and is believed no further.
    /// - Throws: `TransportError`; `.tooLarge` when there is more than `limit`, and `time.error` when the end is not there in time.
    nonisolated(nonsending) public func collect(
        upTo limit: Int, by time: ReadLimit? = nil, expecting count: Int? = nil
    ) async throws(TransportError) -> [UInt8] {
        var all: [UInt8] = []
        while let batch = try await source.next(by: time) {
            guard all.count + batch.count <= limit else {
                source.cancel()
                throw TransportError(.tooLarge, "the response is larger than \(limit) bytes")
            }
            guard all.isEmpty else {
                all += batch
                continue
            }
            all = batch
            if let count, count > batch.count, count <= limit { all.reserveCapacity(count) }
        }
        return all
    }
}

/// What feeds an `HTTPBody`. When the last reference to it goes, it closes what it reads from.
public protocol HTTPBodySource: AnyObject, Sendable {
    /// All bytes that arrived since the last call, waiting for at least one; `nil` at the end.
    /// - Parameter limit: how long to wait at most.
    /// - Throws: `TransportError`; a cancelled task gets `.cancelled` at once, and one whose time is up `limit.error`, which ends the
    ///   exchange.
    nonisolated(nonsending) func next(by limit: ReadLimit?) async throws(TransportError) -> [UInt8]?

    /// Stops the exchange and closes its connection; a waiting `next` throws `.cancelled`.
    func cancel()
}
