import HTTPTransport
import Locks

/// A transport that keeps what goes over it and tells of each exchange when it is over: at the end of the body, when it breaks off, or when
/// its reader wants no more of it. Reading, back-pressure and cancellation stay those of the transport itself.
struct RecordingTransport: Transport {
    private let transport: any Transport
    private let recorder: ExchangeRecorder

    init(_ transport: any Transport, recorder: ExchangeRecorder) {
        self.transport = transport
        self.recorder = recorder
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard recorder.isWanted else { return try await transport.send(request) }
        var exchange = ExchangeRecord(request)
        do throws(TransportError) {
            var response = try await transport.send(request)
            exchange.began(response)
            response.body = HTTPBody(Body(response.body, exchange, recorder))
            return response
        } catch {
            recorder.tell(exchange, error: error)
            throw error
        }
    }

    private final class Body: HTTPBodySource {
        private static let dropped = TransportError(.cancelled, "the answer was not read to its end")

        private let body: HTTPBody
        private let recorder: ExchangeRecorder
        /// `nil` when it has been told.
        private let exchange: Guarded<ExchangeRecord?>

        init(_ body: HTTPBody, _ exchange: ExchangeRecord, _ recorder: ExchangeRecorder) {
            self.body = body
            self.recorder = recorder
            self.exchange = Guarded(exchange)
        }

        deinit { end(Self.dropped) }

        func next(by limit: ReadLimit?) async throws(TransportError) -> [UInt8]? {
            var iterator = body.makeAsyncIterator()
            do throws(TransportError) {
                let bytes = try await iterator.next(by: limit)
                if let bytes { exchange.withLock { $0?.add(bytes) } } else { end(nil) }
                return bytes
            } catch {
                end(error)
                throw error
            }
        }

        func cancel() {
            body.cancel()
            end(Self.dropped)
        }

        private func end(_ error: TransportError?) {
            let exchange = exchange.withLock { exchange in
                defer { exchange = nil }
                return exchange
            }
            if let exchange { recorder.tell(exchange, error: error) }
        }
    }
}
