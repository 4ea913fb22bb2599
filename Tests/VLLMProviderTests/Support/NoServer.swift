import HTTPTransport

/// A server that cannot be reached.
struct NoServer: Transport {
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        throw TransportError(.connectionFailed, "could not connect")
    }
}
