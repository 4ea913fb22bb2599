import HTTPTransport
import Synchronization
import TestSupport

@testable import VLLMClient

/// Answers every request alike and remembers the requests.
final class StubTransport: Transport {
    private let answer: @Sendable () throws(TransportError) -> HTTPResponse
    private let seen = Mutex<[HTTPRequest]>([])

    init(_ answer: @escaping @Sendable () throws(TransportError) -> HTTPResponse) { self.answer = answer }

    var requests: [HTTPRequest] { seen.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        seen.withLock { $0.append(request) }
        return try answer()
    }
}

/// A body of batches, and what comes after them.
final class StubBody: HTTPBodySource {
    enum End: Sendable {
        case end
        case failure(TransportError)
    }

    private let batches: Mutex<ArraySlice<[UInt8]>>
    private let end: End
    private let closed: (@Sendable () -> Void)?

    init(_ batches: [[UInt8]], end: End = .end, closed: (@Sendable () -> Void)? = nil) {
        self.batches = Mutex(batches[...])
        self.end = end
        self.closed = closed
    }

    deinit { closed?() }

    /// How many batches were not taken.
    var remaining: Int { batches.withLock { $0.count } }

    func next() async throws(TransportError) -> [UInt8]? {
        if let batch = batches.withLock({ $0.popFirst() }) { return batch }
        if case .failure(let error) = end { throw error }
        return nil
    }

    func cancel() {}
}
