import HTTPTransport
import JSON
import ProviderKit
import Redaction
import SessionLog
import VLLMClient

/// What all calls of a provider share.
struct VLLMCore: Sendable {
    let settings: VLLMSettings
    let context: ProviderContext
    let models: ModelDirectory
    let renderer = PromptRenderer()
    private let baseClient: VLLMClient
    private let redactor: Redactor

    init(settings: VLLMSettings, context: ProviderContext, transport: any Transport) {
        self.settings = settings
        self.context = context
        models = ModelDirectory(settings: settings)
        redactor = Redactor(secrets: [settings.apiKey])
        var headers: HTTPHeaders = [:]
        for (name, value) in settings.headers { headers[name] = value.string ?? value.text }
        if let session = context.sessionID { headers["X-Session-ID"] = session }
        baseClient = VLLMClient(
            baseURL: settings.baseURL, transport: transport, apiKey: settings.apiKey, headers: headers,
            timeouts: HTTPTimeouts(connect: settings.connectTimeout, total: settings.timeout))
    }

    /// A client for one call, which has `timeout` for all that it sends.
    func client(timeout: Duration, requestID: String? = nil) -> VLLMClient {
        var client = baseClient
        client.timeouts.total = timeout
        if let requestID { client.headers["X-Request-Id"] = requestID }
        return client
    }

    /// A header field's value, fit to be shown.
    func masked(name: String, value: String) -> String {
        redactor.redact(value, ofHeader: name)
    }

    /// What tells the session of one call.
    func recorder() -> CallRecorder {
        CallRecorder(
            sink: context.events, settings: settings, redactor: redactor, instanceID: context.instanceID, requestID: SessionID.random())
    }
}
