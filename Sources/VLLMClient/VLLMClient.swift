public import HTTPTransport
public import JSON
public import Redaction

/// A client of one vLLM server (0.32; earlier ones as far as they speak the same): one typed call for each endpoint.
///
/// A value: copy it and change a property to send other headers or other time limits with some calls.
public struct VLLMClient: Sendable {
    /// Where the server is.
    public var baseURL: BaseURL
    /// Header fields sent with every request, over those that the client sets itself.
    public var headers: HTTPHeaders
    /// The time limits of every exchange; by default ten seconds to connect and no other.
    public var timeouts: HTTPTimeouts
    /// How long a stream may pause between two events with data; comments, such as `: keep-alive` of `--sse-keep-alive-interval`, do not
    /// count. The first one has until `timeouts.firstByte`, although vLLM sends the head of a stream at once. Time runs only
    /// while somebody waits for the server. `nil`, the default, sets no limit.
    public var streamIdleTimeout: Duration?
    /// How much of an answer is read into memory.
    public var limits: ResponseLimits
    /// Whether answers in one piece keep the text of the JSON that they came as, for `raw`. They do by default; streams and embeddings have
    /// a choice of their own.
    public var keepsRaw = true
    /// What its errors must not repeat, besides the API key and the secrets in `headers`: keys that the transport adds, for example.
    public var secrets: SecretStore?
    /// What carries its requests.
    public var transport: any Transport
    let apiKey: String?

    /// A client; nothing is sent before the first call.
    /// - Parameters:
    ///   - apiKey: sent as `Authorization: Bearer …`; `nil` or an empty text sends none. Servers without a key take any, and peers send `EMPTY`.
    ///   - headers: header fields sent with every request, over those that the client sets itself.
    public init(
        baseURL: BaseURL, transport: any Transport, apiKey: String? = nil, headers: HTTPHeaders = [:],
        timeouts: HTTPTimeouts = HTTPTimeouts(), limits: ResponseLimits = ResponseLimits()
    ) {
        self.baseURL = baseURL
        self.transport = transport
        self.apiKey = apiKey.flatMap { $0.isEmpty ? nil : $0 }
        self.headers = headers
        self.timeouts = timeouts
        self.limits = limits
    }

    /// Makes what takes the secrets of its requests out of an error.
    var redactor: @Sendable () -> Redactor {
        let (apiKey, headers, secrets) = (apiKey, headers, secrets)
        return {
            let own = headers.flatMap { Redactor.secrets(in: $0.value, ofHeader: $0.name) }
            let redactor = Redactor(secrets: [apiKey].compactMap(\.self) + own)
            return secrets.map { $0.redactor.joined(with: redactor) } ?? redactor
        }
    }

    /// The request that a call sends, for showing it (`--dry-run`, `--curl`).
    /// - Parameters:
    ///   - path: the path from the server's root, such as `ChatCompletionRequest.path`.
    ///   - json: the body; `nil` makes it a `GET`.
    /// - Returns: a request that **holds the API key** in its `Authorization` field: mask it.
    /// - Throws: `VLLMError` of kind `.invalidRequest` for a key that no header can hold.
    public func httpRequest(path: String, json: JSONObject? = nil, streaming: Bool = false) throws(VLLMError) -> HTTPRequest {
        let accepted = streaming ? "text/event-stream" : "application/json"
        var fields: HTTPHeaders = json == nil ? ["Accept": accepted] : ["Accept": accepted, "Content-Type": "application/json"]
        if let apiKey {
            guard apiKey.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw VLLMError(
                    .invalidRequest, "the API key holds a line break, white space or a character outside ASCII: no header can hold it")
            }
            fields.append(name: "Authorization", value: "Bearer \(apiKey)")
        }
        for field in headers { fields[field.name] = nil }
        for (name, value) in headers { fields.append(name: name, value: value) }
        return HTTPRequest(
            method: json == nil ? "GET" : "POST", url: baseURL.url(for: path), headers: fields,
            body: json.map { JSONValue.object($0).bytes },
            timeouts: timeouts)
    }
}

extension VLLMClient: CustomStringConvertible, CustomReflectable {
    /// The server's address; the API key is never shown.
    public var description: String { "VLLMClient(\(baseURL))" }

    /// The server's address alone, so that `dump` shows no API key.
    public var customMirror: Mirror { Mirror(self, children: ["baseURL": baseURL]) }
}
