import JSON

/// What a server says about an error, in whichever shape it says it.
///
/// vLLM 0.32 sends `{"error": {message, type, param, code}}`, but `{"error": "Unauthorized"}` for 401 and `{"detail": …}` for routes
/// it does not have; up to 0.10.0 it sent the members without `error` around them; vllm-router and proxies send text or HTML.
struct ServerErrorMessage {
    /// The longest message that is passed on: vLLM repeats the request's input in some.
    static let messageLimit = 8192

    var message: String
    var type: String?
    var param: String?
    var code: JSONValue?

    /// Reads a body; `nil` when it is empty.
    init?(body: [UInt8]) {
        guard body.contains(where: { $0 > 0x20 }) else { return nil }
        if let value = try? JSONValue(parsing: body) {
            self = Self(value) ?? Self(message: value.string ?? value.text)
        } else {
            let text = String(decoding: body, as: UTF8.self)
            self.init(message: HTMLPage.title(of: text).map { "an HTML page: \($0)" } ?? text.trimmed)
        }
        message = message.excerpt(upTo: Self.messageLimit)
    }

    /// Reads the JSON of an error; `nil` when it is not in the shape of one.
    init?(_ json: JSONValue) {
        switch json["error"] {
        case .object(let error)?: self.init(members: error)
        case .string(let error)?: self.init(message: error, code: json["code"])
        default:
            if json["message"]?.string != nil, let members = json.object {
                self.init(members: members)
            } else if let detail = json["detail"], !detail.isNull {
                self.init(message: Self.text(ofDetail: detail))
            } else {
                return nil
            }
        }
        message = message.excerpt(upTo: Self.messageLimit)
    }

    private init(message: String, code: JSONValue? = nil) {
        self.message = message
        if let code, !code.isNull { self.code = code }
    }

    private init(members: JSONObject) {
        self.init(message: members["message"]?.string ?? JSONValue.object(members).text, code: members["code"])
        type = members["type"]?.string
        param = members["param"]?.string
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
