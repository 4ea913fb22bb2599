import HTTPTransport
import JSON
import Redaction
import Timestamps

/// One exchange with a server as it went over the wire, as far as it came.
struct ExchangeRecord: Sendable {
    /// How many bytes of a body are kept.
    static let bodyLimit = 16 << 20
    /// How many reads are told from each other; those behind them count with the last one.
    static let chunkLimit = 1 << 16

    /// What one read gave.
    private struct Chunk {
        var microseconds: Int
        var count: Int
    }

    let request: HTTPRequest
    private let startedAt = LogTimestamp.now()
    private let start = ContinuousClock.now
    private var head: (status: Int, headers: HTTPHeaders)?
    private var body: [UInt8] = []
    private var chunks: [Chunk] = []
    private var isTruncated = false

    init(_ request: HTTPRequest) {
        self.request = request
    }

    /// The head of the response is there.
    mutating func began(_ response: HTTPResponse) {
        head = (response.status, response.headers)
    }

    /// Some of the body has arrived.
    mutating func add(_ bytes: [UInt8]) {
        let count = min(bytes.count, Self.bodyLimit - body.count)
        if count < bytes.count { isTruncated = true }
        guard count > 0 else { return }
        body += bytes.prefix(count)
        if chunks.count < Self.chunkLimit {
            chunks.append(Chunk(microseconds: microseconds, count: count))
        } else {
            chunks[chunks.count - 1].count += count
        }
    }

    /// The exchange, which is over now, as `llm:exchange:raw` tells it.
    /// - Parameters:
    ///   - path: where in the server the request went.
    ///   - error: what ended it, where it did not come to its end.
    func json(path: String, error: TransportError?, redactor: Redactor) -> JSONValue {
        var object: JSONObject = [
            "method": .string(request.method), "url": .string(redactor.redact(url: request.url)),
            "path": .string(redactor.redact(path)), "started_at": .string("\(startedAt)"), "request": .object(requestJSON(redactor)),
        ]
        object["response"] = head.map { .object(responseJSON($0.status, $0.headers, redactor)) }
        object["duration_ms"] = Self.milliseconds(microseconds)
        object["error"] = error.map { error in
            ["code": .string(error.code.description), "message": .string(redactor.redact(error.message))]
        }
        return .object(object)
    }

    private func requestJSON(_ redactor: Redactor) -> JSONObject {
        var headers: JSONObject = [:]
        for (name, value) in request.headers {
            let (name, value) = (name.lowercased(), redactor.redact(value, ofHeader: name))
            headers[name] = .string(headers[name]?.string.map { "\($0), \(value)" } ?? value)
        }
        var object: JSONObject = ["headers": .object(headers)]
        guard let body = request.body else { return object }
        if let json = try? JSONValue(parsing: body) {
            object["body"] = redactor.redact(json)
        } else {
            add(body, to: &object, textKey: "body_text", redactor)
        }
        return object
    }

    private func responseJSON(_ status: Int, _ headers: HTTPHeaders, _ redactor: Redactor) -> JSONObject {
        var object: JSONObject = [
            "status": .integer(status),
            "headers": .array(headers.map { [.string($0.name), .string(redactor.redact($0.value, ofHeader: $0.name))] }),
        ]
        if isStream(headers), redactor.knowsSecrets, StreamedTexts(body).contains(where: redactor.knowsSecret) {
            // Its letters are in what is said, in tokens, in their numbers: nothing of the body can stay.
            object["body"] = .string(Redactor.mask)
            object["is_redacted"] = true
        } else {
            add(body, to: &object, textKey: "body", redactor)
        }
        object["chunks"] = .array(chunks.map { [Self.milliseconds($0.microseconds), .integer($0.count)] })
        if isTruncated { object["is_truncated"] = true }
        return object
    }

    private func isStream(_ headers: HTTPHeaders) -> Bool { headers["content-type"]?.lowercased().hasPrefix("text/event-stream") == true }

    /// Bytes as text where they are UTF-8, else as base64, unless there is a secret in what of them can be read.
    private func add(_ bytes: [UInt8], to object: inout JSONObject, textKey: String, _ redactor: Redactor) {
        let text = String(validating: bytes, as: UTF8.self)
        let readable = text ?? String(decoding: bytes, as: UTF8.self)
        let redacted = redactor.redact(readable)
        guard redacted == readable else {
            object[textKey] = .string(redacted)
            object["is_redacted"] = true
            return
        }
        if let text { object[textKey] = .string(text) } else { object["body_base64"] = .string(Base64.encode(bytes)) }
    }

    private var microseconds: Int { Int((ContinuousClock.now - start) / .microseconds(1)) }

    private static func milliseconds(_ microseconds: Int) -> JSONValue { .double(Double(microseconds) / 1000) }
}
