/// A request as a `Transport` sends it.
public struct HTTPRequest: Sendable {
    /// The method: `GET`, `POST`, …
    public var method: String
    /// The absolute URL: `http://` or `https://`, percent-encoded.
    public var url: String
    /// The header fields. `Content-Length` and `Transfer-Encoding` are the transport's; `Host` stands in for the URL's where it is given.
    public var headers: HTTPHeaders
    /// The body, or `nil` for none.
    public var body: [UInt8]?
    /// The time limits.
    public var timeouts: HTTPTimeouts

    /// A request.
    public init(
        method: String = "GET", url: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil, timeouts: HTTPTimeouts = HTTPTimeouts()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
    }
}

/// The time limits of one exchange; `nil` sets none.
public struct HTTPTimeouts: Sendable, Hashable {
    /// From the start to an open connection, TLS included.
    public var connect: Duration?
    /// From the request being sent to the head of the response; interim heads (1xx) do not count.
    public var firstByte: Duration?
    /// From the start to the end of the body.
    public var total: Duration?

    /// Limits; by default ten seconds to connect and no other.
    public init(connect: Duration? = .seconds(10), firstByte: Duration? = nil, total: Duration? = nil) {
        self.connect = connect
        self.firstByte = firstByte
        self.total = total
    }
}
