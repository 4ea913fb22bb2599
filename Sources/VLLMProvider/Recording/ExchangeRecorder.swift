import HTTPTransport
import JSON
import ProviderKit
import Redaction
import VLLMClient

/// Tells the session of exchanges with the servers (`llm:exchange:raw`): of those of one call, or of those that belong to none.
struct ExchangeRecorder: Sendable {
    private let sink: any EventSink
    private let providerName: String
    private let instanceID: String?
    private let servers: [BaseURL]
    private let secrets: SecretStore
    /// The call that the exchanges belong to.
    private let requestID: String?

    init(settings: VLLMSettings, context: ProviderContext, secrets: SecretStore, requestID: String?) {
        sink = context.events
        providerName = settings.providerName
        instanceID = context.instanceID
        servers = settings.servers.baseURLs
        self.secrets = secrets
        self.requestID = requestID
    }

    /// Whether anybody wants to know.
    var isWanted: Bool { sink.wants(EventName.llmExchangeRaw) }

    /// An exchange is over.
    func tell(_ exchange: ExchangeRecord, error: TransportError?) {
        let url = exchange.request.url
        let json = exchange.json(path: path(of: url), error: error, redactor: secrets.redactor)
        var data: JSONObject = ["provider": .string(providerName)]
        data["instance_id"] = instanceID.map { .string($0) }
        data["model"] = json["request"]?["body"]?["model"]?.string.map { .string($0) }
        data["request_id"] = requestID.map { .string($0) }
        data["lvl"] = "DEBUG"
        data["data"] = json
        sink.emit(EventName.llmExchangeRaw, data)
    }

    /// What is behind the server's own address.
    private func path(of url: String) -> String {
        let roots = servers.map(\.root).filter { url.hasPrefix($0 + "/") }
        return String(url.dropFirst(roots.map(\.count).max() ?? 0))
    }
}
