public import HTTPTransport
import Indirection
public import JSON

/// Why a call gave no answer, or not all of it.
///
/// It never holds the API key or another secret of the request, also where the server repeats it.
public struct VLLMError: Error, Sendable {
    /// What kind of failure it is.
    public enum Kind: Sendable, Hashable {
        /// The exchange did not come to its end: no connection, a time limit, a cancelled task, a connection that broke.
        case transport(TransportError)
        /// The server answered with a status that is not 2xx.
        case status
        /// The server told an error inside an answer of status 200: what vLLM does once it has begun to stream.
        case errorInBody
        /// The answer is not what the call promises: not JSON, a field of another type, a page of HTML.
        case malformedResponse
        /// A stream ended without its `[DONE]`.
        case streamEndedEarly
        /// The request cannot be sent as it is.
        case invalidRequest
    }

    /// What kind of failure it is.
    public var kind: Kind {
        get { details.kind }
        set { details.kind = newValue }
    }
    /// What is wrong, for people; the server's own words where it said some.
    public var message: String {
        get { details.message }
        set { details.message = newValue }
    }
    /// The HTTP status, where an answer came: 200 for errors inside a stream.
    public var status: Int? {
        get { details.status }
        set { details.status = newValue }
    }
    /// The server's `type`, such as `NotFoundError`. vLLM does not keep to one spelling: go by `effectiveStatus`.
    public var type: String? {
        get { details.type }
        set { details.type = newValue }
    }
    /// The field of the request that the server complains about.
    public var param: String? {
        get { details.param }
        set { details.param = newValue }
    }
    /// The server's `code`: an integer that equals a status in vLLM, a string in other servers.
    public var code: JSONValue? {
        get { details.code }
        set { details.code = newValue }
    }
    /// The answer's `x-request-id`, which vLLM sends with `--enable-request-id-headers`.
    public var requestID: String? { headers["x-request-id"] }
    /// The answer's `retry-after`, as it was sent. vLLM 0.32 sends none; gateways before it do.
    public var retryAfter: String? { headers["retry-after"] }
    /// The answer's `retry-after-ms`, as gateways of hosted models send it beside or in place of `retry-after`.
    public var retryAfterMilliseconds: String? { headers["retry-after-ms"] }
    /// The header fields of the answer, without cookies and other secrets.
    public var headers: HTTPHeaders {
        get { details.headers }
        set { details.headers = newValue }
    }
    /// The beginning of the body, or the event that told the error: at most 64 KiB.
    public var body: String? {
        get { details.body }
        set { details.body = newValue }
    }
    /// In which form the server told the error; `nil` where it said nothing.
    public var form: ErrorBody? {
        get { details.form }
        set { details.form = newValue }
    }
    /// The status that the server behind a gateway gave, where the gateway wraps its errors, as SageMaker does.
    public var originalStatus: Int? {
        get { details.originalStatus }
        set { details.originalStatus = newValue }
    }
    /// The message of the server behind a gateway, where the gateway quotes it in a message of its own, as LiteLLM and OpenRouter do.
    public var quotedMessage: String? {
        get { details.quotedMessage }
        set { details.quotedMessage = newValue }
    }

    @Indirect private var details: Details

    private struct Details: Sendable {
        var kind: Kind
        var message: String
        var status: Int?
        var type: String?
        var param: String?
        var code: JSONValue?
        var headers: HTTPHeaders
        var body: String?
        var form: ErrorBody?
        var originalStatus: Int?
        var quotedMessage: String?
    }

    /// An error.
    public init(
        _ kind: Kind, _ message: String, status: Int? = nil, type: String? = nil, param: String? = nil, code: JSONValue? = nil,
        headers: HTTPHeaders = [:], body: String? = nil
    ) {
        details = Details(
            kind: kind, message: message, status: status, type: type, param: param, code: code, headers: headers, body: body)
    }

    /// The status to act on: that of the answer, or for an error inside an answer the one that its `code` names, as a number (vLLM), as
    /// digits (LiteLLM) or as a word, or that its `type` names; 500 where nothing says.
    public var effectiveStatus: Int? {
        guard kind == .errorInBody else { return originalStatus ?? status }
        let number = code?.int ?? code?.string.flatMap { Int($0) }
        if let number, (400...599).contains(number) { return number }
        return [code?.string, type].lazy.compactMap { $0.flatMap(ErrorName.status) }.first ?? 500
    }

    /// Whether the caller cancelled.
    public var isCancellation: Bool {
        if case .transport(let error) = kind { error.code == .cancelled } else { false }
    }
}

extension VLLMError: CustomStringConvertible {
    /// The message, with the status where there is one.
    public var description: String {
        switch kind {
        case .status: "the server answered \(status.map { "\($0)" } ?? "with an error"): \(message)"
        case .errorInBody: "the server reported an error: \(message)"
        case .transport, .malformedResponse, .streamEndedEarly, .invalidRequest: message
        }
    }
}

extension VLLMError {
    init(_ error: TransportError) { self.init(.transport(error), error.message) }
}
