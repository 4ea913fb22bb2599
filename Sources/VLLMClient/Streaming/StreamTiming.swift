import HTTPTransport

/// How long the reader of a stream waits for the next event with data.
struct StreamTiming: Sendable {
    /// For the first event.
    private let first: ReadLimit?
    /// For each event behind it.
    private let idle: (duration: Duration, error: TransportError)?

    /// - Parameters:
    ///   - sentAt: when the request was sent, from when the time of the first event runs.
    ///   - server: who is waited for, for messages.
    init(sentAt: ContinuousClock.Instant, firstByte: Duration?, idle: Duration?, server: BaseURL) {
        first = firstByte.map { firstByte in
            ReadLimit(
                deadline: sentAt + firstByte,
                error: TransportError(.firstByteTimeout, "\(server) began no answer within \(firstByte.text)"))
        }
        self.idle = idle.map { ($0, TransportError(.idleTimeout, "\(server) sent nothing for \($0.text)")) }
    }

    /// The limit of somebody who begins to wait now.
    /// - Parameter chunkCount: how many events have come.
    func limit(chunkCount: Int) -> ReadLimit? {
        chunkCount == 0 ? first : idle.map { ReadLimit(deadline: .now + $0.duration, error: $0.error) }
    }
}
