import Indirection
public import JSON

/// Why a provider could not answer. One type for every failure, so that a host can decide by `code` and `isRetryable`
/// and show `message` and `hint` to a person.
public struct ProviderError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public var code: Code {
        get { contents.code }
        set { contents.code = newValue }
    }
    /// What happened, in a sentence; the server's own words where it gave any. Never holds a credential.
    public var message: String {
        get { contents.message }
        set { contents.message = newValue }
    }
    /// What the person at the keyboard can do about it.
    public var hint: String? {
        get { contents.hint }
        set { contents.hint = newValue }
    }
    /// The provider that failed.
    public var provider: String? {
        get { contents.provider }
        set { contents.provider = newValue }
    }
    /// The model that was asked.
    public var model: String? {
        get { contents.model }
        set { contents.model = newValue }
    }
    /// The HTTP status, where a server answered.
    public var status: Int? {
        get { contents.status }
        set { contents.status = newValue }
    }
    /// Whether the same call may succeed later.
    public var isRetryable: Bool {
        get { contents.isRetryable }
        set { contents.isRetryable = newValue }
    }
    /// How long the server asked to wait before the next try.
    public var retryAfter: Duration? {
        get { contents.retryAfter }
        set { contents.retryAfter = newValue }
    }
    /// The server's name for the call, to look it up in the server's log.
    public var requestID: String? {
        get { contents.requestID }
        set { contents.requestID = newValue }
    }
    /// The server's own words: the body of its error, bounded.
    public var body: String? {
        get { contents.body }
        set { contents.body = newValue }
    }
    /// What had arrived of the answer before it broke off.
    public var partialResponse: ChatResponse? {
        get { contents.partialResponse }
        set { contents.partialResponse = newValue }
    }
    /// What else is known, such as `tool_name` and `raw_arguments` of an invalid tool call.
    public var details: JSONObject {
        get { contents.details }
        set { contents.details = newValue }
    }
    /// The error underneath, for whoever looks for the reason.
    public var cause: (any Error)? {
        get { contents.cause }
        set { contents.cause = newValue }
    }

    @Indirect private var contents: Contents

    private struct Contents: Sendable {
        var code: Code
        var message: String
        var hint: String?
        var provider: String?
        var model: String?
        var status: Int?
        var isRetryable: Bool
        var retryAfter: Duration?
        var requestID: String?
        var body: String?
        var partialResponse: ChatResponse?
        var details: JSONObject
        var cause: (any Error)?
    }

    /// An error; whether it is retryable follows from the code unless it is said.
    public init(
        _ code: Code, _ message: String, hint: String? = nil, provider: String? = nil, model: String? = nil, status: Int? = nil,
        isRetryable: Bool? = nil, details: JSONObject = [:], cause: (any Error)? = nil
    ) {
        contents = Contents(
            code: code, message: message, hint: hint, provider: provider, model: model, status: status,
            isRetryable: isRetryable ?? code.isRetryable, details: details, cause: cause)
    }

    /// Message and hint in one text.
    public var description: String { hint.map { "\(message) (\($0))" } ?? message }
}

extension ProviderError {
    /// What kind of failure an error is: one for each class of Amplifier's `llm_errors`. New kinds may come: switch with a default.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The code's own name: `rate_limit`, `timeout`, …
        public let description: String
        /// The name of Amplifier's class for it (amplifier-core 2.0.2, `llm_errors.py`).
        public let className: String
        /// Whether failures of this kind may pass by themselves.
        public let isRetryable: Bool

        private init(_ description: String, _ className: String, isRetryable: Bool = false) {
            self.description = description
            self.className = className
            self.isRetryable = isRetryable
        }

        /// The server does not accept the credentials (401).
        public static let authentication = Code("authentication", "AuthenticationError")
        /// The credentials do not allow this (403).
        public static let accessDenied = Code("access_denied", "AccessDeniedError")
        /// The model or the route does not exist (404).
        public static let notFound = Code("not_found", "NotFoundError")
        /// Too many requests (429).
        public static let rateLimit = Code("rate_limit", "RateLimitError", isRetryable: true)
        /// The account's budget is used up.
        public static let quotaExceeded = Code("quota_exceeded", "QuotaExceededError")
        /// The conversation does not fit the model's context window.
        public static let contextLength = Code("context_length", "ContextLengthError")
        /// The server refused the content.
        public static let contentFilter = Code("content_filter", "ContentFilterError")
        /// The request is wrong (other 4xx).
        public static let invalidRequest = Code("invalid_request", "InvalidRequestError")
        /// The server cannot answer now (5xx).
        public static let unavailable = Code("unavailable", "ProviderUnavailableError", isRetryable: true)
        /// The server could not be reached, or the connection broke.
        public static let network = Code("network", "NetworkError", isRetryable: true)
        /// A time limit passed.
        public static let timeout = Code("timeout", "LLMTimeoutError", isRetryable: true)
        /// The answer's stream broke off or makes no sense.
        public static let stream = Code("stream", "StreamError", isRetryable: true)
        /// The caller cancelled.
        public static let cancelled = Code("cancelled", "AbortError")
        /// The model's tool call cannot be read.
        public static let invalidToolCall = Code("invalid_tool_call", "InvalidToolCallError")
        /// The configuration is wrong.
        public static let configuration = Code("configuration", "ConfigurationError")
        /// Anything else.
        public static let other = Code("other", "LLMError")

        /// Every code that there is.
        public static let all: [Code] = [
            authentication, accessDenied, notFound, rateLimit, quotaExceeded, contextLength, contentFilter, invalidRequest,
            unavailable, network, timeout, stream, cancelled, invalidToolCall, configuration, other,
        ]
    }
}
