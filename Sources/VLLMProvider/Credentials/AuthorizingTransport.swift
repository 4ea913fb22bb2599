import HTTPTransport

/// Adds the API key to requests, where the key is read when it is needed. A request that the server refuses for its key (401) is sent once
/// more, if there is another key by now: the server has not looked at it. Where there is none, whatever the reason, the refusal counts.
struct AuthorizingTransport: Transport {
    private let transport: any Transport
    private let keys: APIKeyStore

    init(_ transport: any Transport, keys: APIKeyStore) {
        self.transport = transport
        self.keys = keys
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        // A field that the configuration or the call sets counts more than the key, as it does for one that is known from the beginning.
        guard request.headers["Authorization"] == nil else { return try await transport.send(request) }
        let deadline = ContinuousClock.now + (request.timeouts.total ?? .seconds(60))
        let key = try await keys.key(until: deadline)
        let response = try await transport.send(request.authorized(by: key, until: deadline))
        guard response.status == 401, let other = try await keys.key(otherThan: key, until: deadline) else { return response }
        return try await transport.send(request.authorized(by: other, until: deadline))
    }
}

extension HTTPRequest {
    /// The request with an API key, and with the time that is left.
    fileprivate func authorized(by key: String, until deadline: ContinuousClock.Instant) -> HTTPRequest {
        var request = self
        request.headers["Authorization"] = "Bearer \(key)"
        if timeouts.total != nil { request.timeouts.total = max(deadline - .now, .milliseconds(1)) }
        return request
    }
}
