public import JSON

/// One exchange with a server as a log has it (`llm:exchange:raw`): the request, and the answer as far as it came.
public struct RecordedExchange: Sendable {
    /// The answer's head.
    public struct Head: Sendable {
        /// The status code.
        public var status: Int
        /// The header fields in order.
        public var headers: [(name: String, value: String)]

        /// A head.
        public init(status: Int, headers: [(name: String, value: String)]) {
            self.status = status
            self.headers = headers
        }

        /// The first value of a header field, whatever the case of its name.
        public func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// What one read from the socket brought.
    public struct Chunk: Sendable, Hashable {
        /// When it came, from the beginning of the request.
        public var offset: Duration
        /// How many bytes it was.
        public var count: Int

        /// A read.
        public init(offset: Duration, count: Int) {
            self.offset = offset
            self.count = count
        }
    }

    /// What ended an exchange that did not come to its end.
    public struct Failure: Sendable, Hashable {
        /// The transport's name for it: `connection_lost`, `idle_timeout`, `cancelled`, …
        public var code: String
        /// What happened.
        public var message: String

        /// A failure.
        public init(code: String, message: String) {
            self.code = code
            self.message = message
        }
    }

    /// The method.
    public var method: String
    /// The path behind the server's address, without the query.
    public var path: String
    /// The request's body: a JSON value, or a text where it is none; `nil` where there is none.
    public var requestBody: JSONValue?
    /// `nil` where no answer came.
    public var head: Head?
    /// The answer's body, as it came.
    public var body: [UInt8] = []
    /// How the body came; one read where the log does not say.
    public var chunks: [Chunk] = []
    /// Whether more came than the log has.
    public var isTruncated = false
    /// What ended it before its end.
    public var failure: Failure?
    /// How long it took.
    public var duration: Duration?
    /// The line in the log.
    public var line: Int?

    /// An exchange of which only the question is known.
    public init(method: String, path: String, requestBody: JSONValue? = nil) {
        self.method = method
        self.path = path
        self.requestBody = requestBody
    }
}
