internal import CMicrohttpd

/// One request with its answer; only the thread of its connection touches it.
final class Exchange {
    /// How much of a body is read; the rest is thrown away and the answer is 413.
    private static let bodyLimit = 64 << 20

    private let waiter: Waiter
    private var source: (any PartSource)?
    private var current: ArraySlice<UInt8> = []
    private var dueTime: ContinuousClock.Instant?
    /// The request, as far as it has arrived.
    private(set) var request: SimulatedRequest
    /// Whether more arrived than is read.
    private(set) var isTooLarge = false
    /// Whether the answer was written to the socket to its end.
    private(set) var isWritten = false
    /// Whether all of the request has arrived.
    var isReceived = false

    init(_ request: SimulatedRequest, waiter: Waiter) {
        self.request = request
        self.waiter = waiter
    }

    /// Adds a piece of the request's body.
    func append(_ bytes: UnsafeRawBufferPointer) {
        isTooLarge = isTooLarge || request.body.count + bytes.count > Self.bodyLimit
        if !isTooLarge { request.body.append(contentsOf: bytes) }
    }

    /// Waits for what comes before an answer; `false` when the connection is to be closed.
    func pass(_ parts: [SimulatedResponse.Part]) -> Bool {
        for part in parts {
            guard case .passed = wait(at: part) else { return false }
        }
        return true
    }

    /// Takes the body that `read` gives out.
    func start(_ source: any PartSource) {
        self.source = source
    }

    /// Copies the next piece of the answer's body into `buffer`: never two parts at once, so that each is a chunk.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while current.isEmpty {
            guard let part = source?.next() else { return Int(MHD_CONTENT_READER_END_OF_STREAM) }
            if case .bytes(let bytes) = part {
                current = bytes[...]
            } else if case .interrupted = wait(at: part) {
                return Int(MHD_CONTENT_READER_END_WITH_ERROR)
            }
        }
        let piece = current.prefix(buffer.count)
        buffer.copyBytes(from: piece)
        current = current.dropFirst(piece.count)
        return piece.count
    }

    /// Writes an answer to the socket, past libmicrohttpd.
    /// - Parameter session: the TLS session, where TLS is spoken.
    func write(_ parts: some PartSource, session: UnsafeMutableRawPointer?) {
        let writer = SocketWriter(waiter: waiter, session: session)
        var parts = parts
        while let part = parts.next() {
            if case .bytes(let bytes) = part {
                guard writer.write(bytes) else { return }
            } else if case .interrupted = wait(at: part) {
                return
            }
        }
        isWritten = true
    }

    private func wait(at part: SimulatedResponse.Part) -> Waiter.Outcome {
        switch part {
        case .bytes: return .passed
        case .pause(let duration):
            // Pauses add up from when they were due, so that many short ones take no longer than they should.
            let due = (dueTime ?? .now) + duration
            dueTime = due
            return waiter.wait(until: due)
        case .gate(let gate): return waiter.wait(until: nil, gate: gate.descriptor)
        case .hang: return waiter.wait(until: nil)
        case .cut: return .interrupted
        case .reset:
            SocketWriter(waiter: waiter, session: nil).reset()
            return .interrupted
        }
    }
}
