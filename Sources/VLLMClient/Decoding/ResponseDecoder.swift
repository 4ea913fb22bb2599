import HTTPTransport
import JSON

/// Reads answers of status 2xx that come as one JSON object.
struct ResponseDecoder {
    let head: AnswerHead

    /// Reads an answer.
    /// - Throws: `VLLMError`, `.errorInBody` when the answer tells an error in spite of its status, else `.malformedResponse`.
    func decode<Response: DecodableResponse>(_ body: [UInt8]) throws(VLLMError) -> Response {
        try body.withUnsafeBufferPointer { bytes throws(VLLMError) in
            try JSONView.read(bytes, orThrow: { notJSON(body, $0) }) { view throws(VLLMError) in try read(view, body) }
        }
    }

    /// The error of an answer to a call for a stream that is none.
    func notAStream(_ body: [UInt8]) -> VLLMError {
        if let value = try? JSONValue(parsing: body), let told = ServerErrorMessage(value) { return head.errorInBody(told, body: body) }
        return malformed("the answer is not an event stream but \(what(body))", body)
    }

    private func read<Response: DecodableResponse>(_ view: JSONView, _ body: [UInt8]) throws(VLLMError) -> Response {
        guard let raw = view.value.object else {
            throw malformed("the answer is not a JSON object: \(body.excerpt(upTo: 200))", body)
        }
        do { return try Response(view, raw: raw) } catch {
            if let told = ServerErrorMessage(.object(raw)) { throw head.errorInBody(told, body: body) }
            throw malformed("the answer is not what was asked for: \(error)", body)
        }
    }

    private func notJSON(_ body: [UInt8], _ error: JSONError) -> VLLMError {
        if body.isEmpty { return malformed("the answer is empty", body) }
        return malformed("the answer is not JSON but \(what(body)) (\(error))", body)
    }

    /// What an unexpected body is, for people.
    private func what(_ body: [UInt8]) -> String {
        if let title = HTMLPage.title(of: String(decoding: body.prefix(4096), as: UTF8.self)) {
            return "a page of HTML (\(title)): is the base URL right?"
        }
        return "\(head.headers["content-type"] ?? "of no content type"): \(body.excerpt(upTo: 200))"
    }

    private func malformed(_ message: String, _ body: [UInt8]) -> VLLMError {
        head.error(.malformedResponse, message, body: body)
    }
}
