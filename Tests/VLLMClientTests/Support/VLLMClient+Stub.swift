import HTTPTransport
import TestSupport

@testable import VLLMClient

extension VLLMClient {
    /// A client of a server that answers everything alike.
    static func answered(
        status: Int = 200, headers: HTTPHeaders = ["content-type": "application/json"], _ batches: [[UInt8]] = [],
        end: StubBody.End = .end, apiKey: String? = nil
    ) throws -> VLLMClient {
        let transport = StubTransport { HTTPResponse(status: status, headers: headers, body: HTTPBody(StubBody(batches, end: end))) }
        return VLLMClient(baseURL: try BaseURL("http://server:8000"), transport: transport, apiKey: apiKey)
    }

    /// A client of a server that answers everything with this text.
    static func answered(
        status: Int = 200, type: String = "application/json", text: String, apiKey: String? = nil
    ) throws -> VLLMClient {
        try answered(status: status, headers: ["content-type": type], text.isEmpty ? [] : [Array(text.utf8)], apiKey: apiKey)
    }

    /// A client of a server that answers everything with an event stream.
    static func streaming(_ events: String..., end: StubBody.End = .end) throws -> VLLMClient {
        try answered(headers: ["content-type": "text/event-stream; charset=utf-8"], events.map { Array("data: \($0)\n\n".utf8) }, end: end)
    }

    /// A client of a server that answers everything as was recorded.
    static func answered(by name: String, apiKey: String? = nil) throws -> VLLMClient {
        let recording = try Recording(name)
        guard let response = recording.response, let status = recording.finalStatus else {
            throw TransportError(.other, "no answer in \(name)")
        }
        let end: StubBody.End = response.endedCleanly ? .end : .failure(TransportError(.connectionLost, "the connection broke"))
        return try answered(
            status: status, headers: HTTPHeaders(response.headers), response.body.isEmpty ? [] : [response.body], end: end, apiKey: apiKey)
    }
}

extension Recording {
    /// The status of the answer itself, behind any `100 Continue`.
    var finalStatus: Int? {
        response.flatMap { $0.startLine.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
    }
}

/// The error that `body` throws.
func failure(_ body: () async throws(VLLMError) -> Void) async -> VLLMError? {
    do {
        try await body()
        return nil
    } catch { return error }
}
