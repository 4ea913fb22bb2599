/// Why an exchange did not come to its end. An HTTP status is not an error here.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is. New kinds may come: switch with a default.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The code's name.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The URL cannot be used.
        public static let invalidURL = Code("invalid_url")
        /// The request cannot be sent: its method or a header field is malformed.
        public static let invalidRequest = Code("invalid_request")
        /// The credentials that the request needs cannot be had.
        public static let noCredentials = Code("no_credentials")
        /// The host's name is not known.
        public static let hostNotFound = Code("host_not_found")
        /// The connection was refused or could not be made.
        public static let connectionFailed = Code("connection_failed")
        /// The connection broke, or the body ended before its end.
        public static let connectionLost = Code("connection_lost")
        /// TLS failed: certificate, name or protocol.
        public static let tls = Code("tls")
        /// The proxy failed.
        public static let proxy = Code("proxy")
        /// The proxy asks for credentials, or for others, before it connects.
        public static let proxyAuthentication = Code("proxy_authentication")
        /// The proxy does not allow the server.
        public static let proxyRefused = Code("proxy_refused")
        /// `HTTPTimeouts.connect` passed.
        public static let connectTimeout = Code("connect_timeout")
        /// `HTTPTimeouts.firstByte` passed, or what a reader set for the beginning of the answer.
        public static let firstByteTimeout = Code("first_byte_timeout")
        /// A reader waited too long in the middle of the body (`ReadLimit`).
        public static let idleTimeout = Code("idle_timeout")
        /// `HTTPTimeouts.total` passed.
        public static let timeout = Code("timeout")
        /// The peer does not speak HTTP.
        public static let protocolViolation = Code("protocol_violation")
        /// The header fields of the response are larger than allowed.
        public static let headersTooLarge = Code("headers_too_large")
        /// A body that is collected is larger than allowed.
        public static let tooLarge = Code("too_large")
        /// A line or an event of an event stream is larger than allowed.
        public static let eventTooLarge = Code("event_too_large")
        /// A body that is read in pieces is larger than its reader allows.
        public static let streamTooLarge = Code("stream_too_large")
        /// The caller cancelled.
        public static let cancelled = Code("cancelled")
        /// The transport was closed.
        public static let closed = Code("closed")
        /// Anything else.
        public static let other = Code("other")
    }

    /// What kind of failure it is.
    public var code: Code
    /// What happened, for people; never holds a header or a credential.
    public var message: String

    /// An error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }

    static let cancelledByCaller = TransportError(.cancelled, "the request was cancelled")
    static let transportClosed = TransportError(.closed, "the transport was closed")
    static let readTwice = TransportError(.other, "two tasks read the body of one response at the same time")
}
