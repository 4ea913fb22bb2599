import HTTPTransport
import JSON
import ProviderKit

@testable import VLLMProvider

extension VLLMProvider {
    /// A provider whose key is read when it is needed, and the server that it asks: one that answers chats that bring one of `accepted`.
    static func reading(
        _ settings: JSONObject, accepted: @escaping @Sendable () -> Set<String>, events: any EventSink = NoEvents(),
        clock: CallClock = .continuous
    ) throws -> (provider: VLLMProvider, server: ScriptedTransport) {
        let server = ScriptedTransport(answering: { request throws(TransportError) in
            let key = request.headers["Authorization"]?.split(separator: " ").last.map(String.init) ?? "none"
            guard accepted().contains(key) else { return .json(["error": .string("Unauthorized: \(key)")], status: 401) }
            return request.path == "/v1/models" ? .json(["data": [["id": "m"]]]) : .chat([["content": "Hi."]])
        })
        var configuration: JSONObject = ["use_completions": false]
        configuration.merge(settings)
        let provider = try VLLMProvider(configuration, transport: server, events: events, tellsModels: true, clock: clock)
        return (provider, server)
    }
}

extension ScriptedTransport {
    /// The keys that chats brought, in order.
    var keys: [String] {
        requests.filter { $0.path == "/v1/chat/completions" }.map { $0.headers["Authorization"] ?? "none" }
    }
}
