import HTTPTransport
import Locks

/// A transport that serves others, too, as one provider sees it: when the provider is closed, its own exchanges end and no others.
struct SharedTransport: Transport {
    private static let closed = TransportError(.closed, "the provider was closed")

    let transport: any Transport
    /// Its share, where it is a pool's: held as long as somebody may still read an answer.
    var share: TransportPool.Share?
    let scope: TaskScope
    /// The thread of its connections, if it has one.
    let executor: (any TaskExecutor)?

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        var response = try await scope.runHere(goingOn: executor, orThrow: Self.closed) { () throws(TransportError) in
            try await transport.send(request)
        }
        response.body = HTTPBody(Body(response.body, scope))
        return response
    }

    private final class Body: HTTPBodySource {
        private let body: HTTPBody
        private let scope: TaskScope
        private let registration: TaskScope.Registration

        init(_ body: HTTPBody, _ scope: TaskScope) {
            self.body = body
            self.scope = scope
            registration = scope.onClose { body.cancel() }
        }

        func next(by limit: ReadLimit?) async throws(TransportError) -> [UInt8]? {
            var iterator = body.makeAsyncIterator()
            do { return try await iterator.next(by: limit) } catch {
                throw error.code == .cancelled && scope.isClosed && !Task.isCancelled ? SharedTransport.closed : error
            }
        }

        func cancel() { body.cancel() }
    }
}
