/// What carries requests to a server: libcurl in production (`CurlTransport`), a script in tests (`ScriptedTransport`).
public protocol Transport: Sendable {
    /// Sends `request` and returns when the response's head is there; redirects are returned, not followed.
    /// - Throws: `TransportError`; a cancelled task gets `.cancelled` at once and the connection is closed.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}
