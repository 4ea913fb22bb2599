import JSON

/// An answer that is an error, in the shapes of vLLM 0.32.
struct WireError: Error {
    /// The HTTP status.
    var status: Int
    /// The JSON body.
    var body: JSONValue

    /// One thing that the server's schema finds wrong.
    struct Issue {
        var type: String
        var place: String
        var message: String
        var input: JSONValue
        var context = ""
    }

    /// `{"error": {…}}` with a type and a parameter.
    init(status: Int, type: String, _ message: String, parameter: String? = nil) {
        self.status = status
        body = [
            "error": [
                "message": .string(message), "type": .string(type), "param": parameter.map { .string($0) } ?? .null,
                "code": .integer(status),
            ]
        ]
    }

    private init(status: Int, body: JSONValue) {
        self.status = status
        self.body = body
    }

    /// A value that the server refuses.
    static func badRequest(_ message: String, parameter: String? = nil) -> WireError {
        WireError(status: 400, type: "BadRequestError", message, parameter: parameter)
    }

    /// A value that the server refuses, with the parameter named in the message as vLLM does.
    static func parameter(_ name: String, _ message: String, value: String? = nil) -> WireError {
        badRequest("\(message) (parameter=\(name)\(value.map { ", value=\($0)" } ?? ""))", parameter: name)
    }

    /// A body that does not fit the schema, in one place under `body`.
    static func schema(type: String, at place: String, _ message: String, input: JSONValue, context: String = "") -> WireError {
        schema([Issue(type: type, place: place, message: message, input: input, context: context)])
    }

    /// A body that does not fit the schema: what FastAPI would answer with 422 is 400 here, as Python writes its values.
    static func schema(_ issues: [Issue]) -> WireError {
        let lines = issues.map { issue in
            let place = issue.place.isEmpty ? "body" : "body.\(issue.place)"
            let context = issue.context.isEmpty ? "" : ", 'ctx': {\(issue.context)}"
            return
                "  {'type': '\(issue.type)', 'loc': '\(place)', 'msg': \(quoted(issue.message)), 'input': '\(shown(issue.input))'\(context)}"
        }
        let count = "\(issues.count) validation error\(issues.count == 1 ? "" : "s")"
        let place = issues.first.map { $0.place.isEmpty ? "body" : "body.\($0.place)" }
        return WireError(
            status: 400, type: "Bad Request", ([count + ":"] + lines).joined(separator: "\n"), parameter: place)
    }

    /// A request whose form is wrong as a whole.
    static func badSchema(_ message: String) -> WireError {
        WireError(status: 400, type: "Bad Request", message)
    }

    /// An answer of the web framework itself.
    static func detail(_ status: Int, _ text: String) -> WireError {
        WireError(status: status, body: ["detail": .string(text)])
    }

    /// A missing or wrong key: here `error` is a string.
    static let unauthorized = WireError(status: 401, body: ["error": "Unauthorized"])

    /// What every request is told, also in mid-stream, when the engine has died.
    static let deadEngine = WireError(
        status: 500, type: "InternalServerError", "EngineCore encountered an issue. See stack trace (above) for the root cause.")

    /// What vLLM, or the framework under it, says with a status where nothing else is known.
    init(status: Int) {
        switch status {
        case 401: self = .unauthorized
        case 404: self = .detail(404, "Not Found")
        case 405: self = .detail(405, "Method Not Allowed")
        case 500: self = .deadEngine
        case 503:
            self = WireError(
                status: 503, type: "Service Unavailable",
                "The engine is currently busy and cannot accept new requests. Please try again later or on a different instance.")
        case 400..<500: self = WireError(status: status, type: "BadRequestError", "The request is refused.")
        default: self = WireError(status: status, type: "InternalServerError", "Internal server error")
        }
    }

    private static func quoted(_ text: String) -> String {
        text.utf8.contains(UInt8(ascii: "'")) ? "\"\(text)\"" : "'\(text)'"
    }

    /// Of what was sent an error shows no more than this.
    private static let shownLength = 200

    private static func shown(_ value: JSONValue) -> String {
        let text = text(of: value)
        return text.count > shownLength ? text.prefix(shownLength) + "...[truncated]" : text
    }

    private static func text(of value: JSONValue) -> String {
        switch value {
        case .null: "None"
        case .bool(let value): value ? "True" : "False"
        case .number(let number): number.double.isFinite ? number.literal : "inf"
        case .string(let text): text
        case .array(let elements): "<list of \(elements.count) items>"
        case .object(let members): "<dict of \(members.count) items>"
        }
    }
}
