import Locks

/// One exchange on its way. The engine's thread owns all of it but `buffer`, which the reader shares.
final class CurlTransfer: @unchecked Sendable {
    // @unchecked: the variables are touched on the engine's thread only; `buffer` has its own lock. Where that happens for each line or
    // batch, it is not checked once more that two accesses do not overlap: to check costs more than what is done.

    /// Somebody who waits for the head.
    typealias HeadWaiter = UnsafeContinuation<Result<ResponseHead, TransportError>, Never>

    private(set) var request: CurlRequest
    let buffer = Guarded(ResponseBuffer())
    /// When it began.
    private var startTime = MonotonicTime.now
    /// When libcurl began with it: later than `startTime` where it was started anew.
    private var attemptTime = MonotonicTime.now
    private let bufferLimit: Int

    @exclusivity(unchecked) private var parser: ResponseHeadParser
    private var head: ResponseHead?
    private var waiter: HeadWaiter?
    @exclusivity(unchecked) private var pending: [UInt8] = []
    private var bufferedCount = 0
    /// Why a callback of ours stopped the exchange.
    private(set) var ownFailure: TransportError?
    /// How the exchange ended.
    private(set) var outcome: Result<Void, TransportError>?
    /// libcurl's handle, while the exchange runs.
    var handle: CurlHandle?
    /// When the request began to be sent; `nil` while there is no connection.
    private var sentAt: MonotonicTime? { handle?.timeToSend.map { attemptTime + $0 } }

    /// Whether the head of the response is there.
    private(set) var hasHead = false

    /// Whether any line of a head has arrived, be it of an interim response.
    var hasBytes: Bool { parser.hasBytes }

    init(_ request: CurlRequest, options: CurlTransport.Options) {
        self.request = request
        bufferLimit = max(1, options.bufferLimit)
        parser = ResponseHeadParser(limit: options.headerLimit)
    }

    /// What is to be done about the time limits.
    /// - Parameter isNew: whether libcurl has not touched the exchange yet: its handle still tells the times of the one before.
    func verdict(at now: MonotonicTime, isNew: Bool = false) -> ExchangeClock.Verdict {
        let clock = ExchangeClock(limits: request.timeouts, address: request.address, start: startTime, attempt: attemptTime)
        let limit = buffer.withLock { $0.limitToWatch() }
        return clock.verdict(at: now, sent: isNew ? nil : sentAt, hasHead: hasHead, read: limit)
    }

    /// Notes who waits for the head.
    /// - Returns: whether the exchange may start; an exchange that was cancelled before does not.
    func start(_ waiter: HeadWaiter) -> Bool {
        if case .failure(let error) = outcome {
            waiter.resume(returning: .failure(error))
            return false
        }
        self.waiter = waiter
        startTime = .now
        attemptTime = startTime
        return true
    }

    /// Gives up the request's body, which is not needed any more.
    func forgetBody() { request.body = nil }

    /// Notes that the request is sent once more.
    func startAnew() { attemptTime = .now }

    /// Takes a line of a head or a trailer.
    /// - Returns: whether the exchange goes on.
    func receiveHeader(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        switch parser.receive(line) {
        case .more: return true
        case .head(let head):
            self.head = head
            self.head?.sentAt = sentAt ?? attemptTime
            hasHead = true
            return true
        case .tooLarge:
            ownFailure = headersTooLarge
        case .malformed:
            ownFailure = TransportError(.protocolViolation, "\(request.address) sent a malformed status line")
        }
        return false
    }

    /// The header fields pass the limit.
    var headersTooLarge: TransportError {
        TransportError(.headersTooLarge, "the header fields of the response from \(request.address) are larger than \(parser.limit) bytes")
    }

    /// The longest line of a trailer, which libcurl holds in a buffer of this size (`DYN_H1_TRAILER`).
    private static let longestTrailerLine = 4 << 10

    /// The longest line of a head, which libcurl holds in a buffer of this size (`CURL_MAX_HTTP_HEADER`).
    static let longestHeaderLine = 100 << 10

    /// A line of the head did not fit into libcurl's buffer for one.
    var headerLineTooLong: TransportError { lineTooLong("header fields", Self.longestHeaderLine) }

    /// A line of the trailer did not fit into libcurl's buffer for one.
    var trailerLineTooLong: TransportError { lineTooLong("trailer", Self.longestTrailerLine) }

    private func lineTooLong(_ part: String, _ longest: Int) -> TransportError {
        guard parser.limit >= longest else { return headersTooLarge }
        return TransportError(
            .protocolViolation, "a line of the \(part) of the response from \(request.address) is longer than \(longest) bytes")
    }

    /// Takes bytes of the body.
    /// - Returns: whether they were taken; otherwise the reader is too slow and they have to come again after it has read.
    func receiveBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // `bufferedCount` is never too small, so the lock is needed only where it says that there is no room.
        if pending.count + bufferedCount >= bufferLimit {
            let (count, isFull) = buffer.withLock { ($0.count, $0.pause(pending: pending.count, limit: bufferLimit)) }
            bufferedCount = count
            if isFull { return false }
        }
        if pending.isEmpty { pending = Array(bytes) } else { pending.append(contentsOf: bytes) }
        return true
    }

    /// Hands over what has arrived since the last call.
    func deliver() {
        let delivery = putIntoBuffer()
        tellHead()
        delivery?.resume()
    }

    private func tellHead() {
        if waiter != nil, let head = head.take() { waiter.take()?.resume(returning: .success(head)) }
    }

    private func putIntoBuffer() -> ResponseBuffer.Delivery? {
        guard !pending.isEmpty else { return nil }
        var batch: [UInt8] = []
        swap(&batch, &pending)
        let (count, delivery) = buffer.withLock { buffer in
            let delivery = buffer.append(batch)
            return (buffer.count, delivery)
        }
        bufferedCount = count
        return delivery
    }

    /// Ends the exchange: everybody who waits gets to know.
    func finish(_ error: TransportError?) {
        guard outcome == nil else { return }
        var error = error
        if error == nil, !hasHead {
            // libcurl takes a connection that ends within the head for a response without a body.
            error = TransportError(.connectionLost, "the connection to \(request.address) was closed within the head of the response")
        }
        outcome = error.map { .failure($0) } ?? .success(())
        forgetBody()
        let isCancelled = error?.code == .cancelled
        let delivery = isCancelled ? nil : putIntoBuffer()
        let end = buffer.withLock { $0.finish(error) }
        // Last of all: whoever waits for the head finds the whole body there when it has come with it.
        if !isCancelled { tellHead() }
        delivery?.resume()
        end?.resume()
        if let error { waiter.take()?.resume(returning: .failure(error)) }
    }
}
