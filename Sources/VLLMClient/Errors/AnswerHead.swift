import HTTPTransport
import JSON
import Redaction

/// Status and header fields of an answer, and how errors are made that tell about it.
struct AnswerHead: Sendable {
    /// How much of a body is kept in an error, in bytes.
    static let bodyLimit = 64 << 10

    let status: Int
    let headers: HTTPHeaders
    /// Takes out what no error may repeat should the server or a proxy have done so; made when there is an error.
    private let redactor: @Sendable () -> Redactor

    init(_ response: HTTPResponse, redactor: @escaping @Sendable () -> Redactor) {
        status = response.status
        headers = response.headers
        self.redactor = redactor
    }

    /// An error about the answer, with the beginning of what came.
    func error(_ kind: VLLMError.Kind, _ message: String, told: ServerErrorMessage? = nil, body: some Collection<UInt8>) -> VLLMError {
        let beginning = body.isEmpty ? nil : String(decoding: body.prefix(Self.bodyLimit + 1), as: UTF8.self).excerpt(upTo: Self.bodyLimit)
        var error = VLLMError(
            kind, hiding(message), status: status, type: told?.type.map(hiding), param: told?.param.map(hiding),
            code: told?.code?.string.map { .string(hiding($0)) } ?? told?.code, headers: shownHeaders, body: beginning.map(hiding))
        error.form = told?.form
        error.originalStatus = told?.originalStatus
        error.quotedMessage = told?.quoted.map(hiding)
        return error
    }

    /// The error of an answer whose status is not 2xx.
    func statusError(body: [UInt8]) -> VLLMError {
        // Before anything is cut, in the middle of a secret for example.
        let body = hiding(body)
        let told = ServerErrorMessage(body: body)
        var message = told?.message ?? "no explanation (the body is \(coding.map { "compressed: \($0)" } ?? "empty"))"
        if (300..<400).contains(status) {
            let target = headers["location"].map { " to \($0)" } ?? ""
            message = "a redirect\(target), which is not followed: set the base URL to where the server is"
        }
        return error(.status, message, told: told, body: body)
    }

    /// The error that is told inside an answer of status 2xx.
    func errorInBody(_ told: ServerErrorMessage, body: some Collection<UInt8>) -> VLLMError {
        error(.errorInBody, told.message, told: told, body: body)
    }

    /// The error of an answer that was broken off.
    func error(_ error: TransportError) -> VLLMError {
        let shown = TransportError(error.code, hiding(error.message))
        return VLLMError(.transport(shown), shown.message, status: status, headers: shownHeaders)
    }

    /// How the body is compressed, which no request asks for; `nil` where it is not.
    var coding: String? {
        headers["content-encoding"].flatMap { ["", "identity"].contains($0.lowercased()) ? nil : $0.excerpt(upTo: 100) }
    }

    /// The error of an answer that is compressed.
    func compressed(_ coding: String) -> VLLMError {
        error(
            .malformedResponse,
            "it is compressed (content-encoding: \(coding)), which was not asked for: switch that off in the server or the proxy before it",
            body: [])
    }

    /// The error of a stream whose bytes end without `[DONE]`.
    /// - Parameter opening: the beginning of what came, where it was no chunk.
    func endedEarly(chunkCount: Int, opening: [UInt8]) -> VLLMError {
        // Gateways that call every answer a stream send their errors so.
        if !opening.isEmpty, let value = try? JSONValue(parsing: opening), let told = ServerErrorMessage(value) {
            return errorInBody(told, body: opening)
        }
        let place = chunkCount == 0 ? "before its first chunk" : "after \(chunkCount) chunks"
        return error(.streamEndedEarly, "the stream ended \(place), without [DONE]: the server or a proxy broke it off", body: opening)
    }

    /// The body without secrets.
    func hiding(_ body: some Collection<UInt8>) -> [UInt8] { Array(hiding(String(decoding: body, as: UTF8.self)).utf8) }

    private func hiding(_ text: String) -> String { redactor().redact(text) }

    private var shownHeaders: HTTPHeaders {
        let redactor = redactor()
        return HTTPHeaders(headers.map { ($0.name, redactor.redact($0.value, ofHeader: $0.name)) })
    }
}
