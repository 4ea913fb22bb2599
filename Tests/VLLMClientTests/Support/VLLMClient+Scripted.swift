import HTTPTransport
import TestSupport

@testable import VLLMClient

extension VLLMClient {
    /// A client of a server that answers everything alike.
    static func answered(by exchange: ScriptedExchange, apiKey: String? = nil) throws -> VLLMClient {
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in exchange })
        return VLLMClient(baseURL: try BaseURL("http://server:8000"), transport: transport, apiKey: apiKey)
    }

    /// A client of a server that answers everything with this text.
    static func answered(
        status: Int = 200, type: String = "application/json", text: String, apiKey: String? = nil
    ) throws -> VLLMClient {
        try answered(by: ScriptedExchange(status: status, headers: ["content-type": type], body: text), apiKey: apiKey)
    }

    /// A client of a server that answers everything with an event stream.
    static func streaming(_ events: String...) throws -> VLLMClient {
        try answered(by: ScriptedExchange(events: events))
    }

    /// A client of a server that answers everything as was recorded.
    static func answered(asIn name: String) throws -> VLLMClient {
        try answered(by: ScriptedExchange(recording: try Recording(name).responseBytes))
    }
}

extension ScriptedExchange {
    /// An event stream, each event in a batch of its own.
    init(events: [String], then end: Step...) {
        let batches = events.map { Step.bytes(Array("data: \($0)\n\n".utf8)) }
        self.init(headers: ["content-type": "text/event-stream; charset=utf-8"], steps: batches + end)
    }
}

/// The error that `body` throws.
func failure(_ body: () async throws(VLLMError) -> Void) async -> VLLMError? {
    do {
        try await body()
        return nil
    } catch { return error }
}
