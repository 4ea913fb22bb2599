import JSON

/// What a server says about an error, in whichever shape it says it.
///
/// vLLM 0.32 sends `{"error": {message, type, param, code}}`, but `{"error": "Unauthorized"}` for 401 and `{"detail": …}` for routes
/// it does not have; up to 0.10.0 it sent the members without `error` around them; vllm-router and proxies send text or HTML.
struct ServerErrorMessage {
    /// The longest message that is passed on: vLLM repeats the request's input in some.
    static let messageLimit = 8192
    /// In how many errors of gateways an error is looked for.
    static let depthLimit = 4
    /// The longest `type`, `param` and `code` that are passed on.
    static let nameLimit = 200

    var message: String
    var type: String?
    var param: String?
    var code: JSONValue?
    var form = ErrorBody.json
    /// The status that the server behind a gateway gave, where the gateway wraps its errors (`OriginalStatusCode` of SageMaker).
    var originalStatus: Int?
    /// The message of the server behind a gateway, where the gateway quotes it in a message of its own.
    var quoted: String?

    /// Reads a body; `nil` when it is empty.
    /// - Parameter depth: in how many errors of gateways it stands.
    init?(body: [UInt8], depth: Int = 0) {
        guard body.contains(where: { $0 > 0x20 }) else { return nil }
        if let value = try? JSONValue(parsing: body) {
            self = Self(value, depth: depth) ?? Self(message: value.string ?? value.text)
        } else if let page = HTMLPage(body) {
            self.init(message: "an HTML page: \(page.summary)", form: .html(page))
        } else {
            self.init(message: String(decoding: body, as: UTF8.self).trimmed, form: .text)
        }
    }

    /// Reads the JSON of an error; `nil` when it is not in the shape of one.
    /// - Parameter depth: in how many errors of gateways it stands; those within more than `depthLimit` stay as they are.
    init?(_ json: JSONValue, depth: Int = 0) {
        guard depth <= Self.depthLimit else { return nil }
        switch json["error"] {
        case .object(let error)?: self.init(members: error, depth: depth)
        // `error_type` is Text Generation Inference's.
        case .string(let error)?:
            self.init(message: error, type: json["error_type"], code: json["code"])
            unwrap(error, metadata: json["metadata"], depth: depth)
        default:
            if let status = json["OriginalStatusCode"]?.int {
                self = json["OriginalMessage"]?.string.flatMap { Self(body: Array($0.utf8), depth: depth + 1) } ?? Self(message: json.text)
                originalStatus = (400...599).contains(status) ? status : nil
            } else if json["message"]?.string != nil, let members = json.object {
                self.init(members: members, depth: depth)
            } else if let detail = json["detail"], !detail.isNull {
                // A FastAPI server may wrap the whole error of another.
                self = Self(detail, depth: depth + 1) ?? Self(message: Self.text(ofDetail: detail))
            } else {
                return nil
            }
        }
    }

    private init(message: String, type: JSONValue? = nil, param: JSONValue? = nil, code: JSONValue? = nil, form: ErrorBody = .json) {
        self.message = message.excerpt(upTo: Self.messageLimit)
        self.type = type?.string?.excerpt(upTo: Self.nameLimit)
        self.param = param?.string?.excerpt(upTo: Self.nameLimit)
        self.code = code?.string.map { .string($0.excerpt(upTo: Self.nameLimit)) } ?? code.flatMap { $0.int == nil ? nil : $0 }
        self.form = form
    }

    private init(members: JSONObject, depth: Int) {
        let message = members["message"]?.string ?? JSONValue.object(members).text
        self.init(message: message, type: members["type"], param: members["param"], code: members["code"])
        unwrap(message, metadata: members["metadata"], depth: depth)
    }

    /// FastAPI's `detail`: a text, or a list of `{loc, msg, type}`.
    private static func text(ofDetail detail: JSONValue) -> String {
        guard let items = detail.array else { return detail.string ?? detail.text }
        return items.map { item in
            guard let message = item["msg"]?.string else { return item.text }
            let place = item["loc"]?.array?.map { $0.string ?? $0.text }.joined(separator: ".")
            return place.map { "\($0): \(message)" } ?? message
        }.joined(separator: "; ")
    }
}
