import HTTPTransport
import JSON

/// Reads answers of status 2xx that come as one JSON object.
struct ResponseDecoder {
    let head: AnswerHead
    /// Whether answers keep the JSON that they came as.
    var keepsRaw = true

    /// Reads an answer.
    /// - Throws: `VLLMError`, `.errorInBody` when the answer tells an error in spite of its status, else `.malformedResponse`.
    func decode<Response: DecodableResponse>(_ body: [UInt8]) throws(VLLMError) -> Response {
        try decode(body) { node, answer throws(MalformedField) in try Response(node, answer: answer ?? AnswerText([:])) }
    }

    /// Reads an answer.
    /// - Parameter read: reads the object; it gets the same object to be kept, where answers are.
    /// - Throws: `VLLMError`, `.errorInBody` when the answer tells an error in spite of its status, else `.malformedResponse`.
    func decode<Response>(
        _ body: [UInt8], _ read: (JSONView, AnswerText?) throws(MalformedField) -> Response
    ) throws(VLLMError) -> Response {
        try body.withUnsafeBufferPointer { bytes throws(VLLMError) in
            try JSONView.read(bytes, orThrow: { notJSON(body, $0) }) { view throws(VLLMError) in try response(view, body, read) }
        }
    }

    /// The error of an answer to a call for a stream that is none.
    func notAStream(_ body: [UInt8]) -> VLLMError {
        if let value = try? JSONValue(parsing: body), let told = ServerErrorMessage(value) { return head.errorInBody(told, body: body) }
        return unexpected("the answer is not an event stream", body)
    }

    private func response<Response>(
        _ view: JSONView, _ body: [UInt8], _ read: (JSONView, AnswerText?) throws(MalformedField) -> Response
    ) throws(VLLMError) -> Response {
        guard view.kind == "object" else {
            throw malformed("the answer is not a JSON object: \(body.excerpt(upTo: 200))", body)
        }
        do { return try read(view, keepsRaw ? AnswerText(body) : nil) } catch {
            if let told = ServerErrorMessage(view.value) { throw head.errorInBody(told, body: body) }
            throw malformed("the answer is not what was asked for: \(error)", body)
        }
    }

    private func notJSON(_ body: [UInt8], _ error: JSONError) -> VLLMError {
        if body.isEmpty { return malformed("the answer is empty", body) }
        return unexpected("the answer is not JSON", body, " (\(error))")
    }

    /// The error of a body that is no answer, with what it is, for people.
    private func unexpected(_ problem: String, _ body: [UInt8], _ why: String = "") -> VLLMError {
        let page = HTMLPage(head.hiding(body.prefix(AnswerHead.bodyLimit)))
        let what =
            page.map { "a page of HTML (\($0.summary)): is the base URL right?" }
            ?? "\(head.headers["content-type"] ?? "of no content type"): \(body.excerpt(upTo: 200))"
        var error = malformed("\(problem) but \(what)\(why)", body)
        error.form = page.map { .html($0) }
        return error
    }

    private func malformed(_ message: String, _ body: [UInt8]) -> VLLMError {
        head.error(.malformedResponse, message, body: body)
    }
}
