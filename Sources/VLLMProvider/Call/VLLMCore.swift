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
        var headers: HTTPHeaders = [:]
        var secrets = [settings.apiKey]
        for (name, value) in settings.headers {
            let text = value.string ?? value.text
            headers[name] = text
            // Of `Bearer KEY`, only the key is secret.
            if Self.isSecret(name, text) { secrets.append(text.split(separator: " ").last.map(String.init) ?? text) }
        }
        redactor = Redactor(secrets: secrets)
        if let session = context.sessionID { headers["X-Session-ID"] = session }
        baseClient = VLLMClient(
            baseURL: settings.baseURL, transport: transport, apiKey: settings.apiKey, headers: headers,
            timeouts: HTTPTimeouts(connect: settings.connectTimeout))
    }

    /// A client whose requests the server's log has under this name.
    func client(requestID: String? = nil) -> VLLMClient {
        var client = baseClient
        if let requestID { client.headers["X-Request-Id"] = requestID }
        return client
    }

    /// A header field's value, fit to be shown.
    func masked(name: String, value: String) -> String {
        redactor.redact(value, ofHeader: name)
    }

    /// The error without credentials, should the server or a proxy have repeated them.
    func redacted(_ error: ProviderError) -> ProviderError {
        var error = error
        error.message = redactor.redact(error.message)
        error.body = error.body.map { redactor.redact($0) }
        return error
    }

    /// A body, fit to be shown.
    func masked(_ body: JSONObject) -> JSONValue { .object(redactor.redact(body)) }

    /// What tells the session of one call, under the name that the host gave it, or else one of its own.
    func recorder(_ request: ChatRequest) -> CallRecorder {
        let name = request.metadata?["request_id"]?.string.flatMap { $0.isEmpty || !$0.utf8.allSatisfy { 0x21...0x7E ~= $0 } ? nil : $0 }
        return CallRecorder(
            sink: context.events, settings: settings, redactor: redactor, instanceID: context.instanceID,
            requestID: name ?? SessionID.random())
    }

    /// Whether a header field holds a credential, by its name or by how it is spelled.
    private static func isSecret(_ name: String, _ value: String) -> Bool {
        Redactor().redact(value, ofHeader: name) != value
    }
}
