/// The head of a response, with its body still to be read.
public struct HTTPResponse: Sendable {
    /// The status code.
    public var status: Int
    /// The header fields.
    public var headers: HTTPHeaders
    /// The body as it arrives.
    public var body: HTTPBody
    /// When the request began to be sent, once there was a connection.
    public var sentAt: ContinuousClock.Instant

    /// A response.
    public init(status: Int, headers: HTTPHeaders, body: HTTPBody, sentAt: ContinuousClock.Instant = .now) {
        self.status = status
        self.headers = headers
        self.body = body
        self.sentAt = sentAt
    }
}
