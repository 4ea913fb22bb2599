import HTTPTransport
import JSON
import Locks
import ProviderKit
import Redaction
import SessionLog
import VLLMClient

/// What all calls of a provider share, bound to one of its servers: the first one, until a call has leased another.
struct VLLMCore: Sendable {
    private(set) var settings: VLLMSettings
    let context: ProviderContext
    /// The time by which calls wait.
    let clock: CallClock
    /// What ends when the provider is closed.
    let scope: TaskScope
    let pool: ServerPool
    private var server: VLLMServer
    let reportedRepairs = Guarded(ReportedRepairs())
    let warnings = Guarded<Set<ProviderWarning>>([])
    private var baseClient: VLLMClient
    private var redactor: Redactor
    private var secrets: [String]

    init(
        settings: VLLMSettings, context: ProviderContext, transport: any Transport, clock: CallClock = .continuous,
        scope: TaskScope = TaskScope()
    ) {
        self.settings = settings
        self.context = context
        self.clock = clock
        self.scope = scope
        pool = ServerPool(settings, clock: clock)
        server = pool.servers[0]
        secrets = [settings.apiKey]
        redactor = Redactor(secrets: secrets)
        baseClient = VLLMClient(
            baseURL: settings.baseURL, transport: transport, apiKey: settings.apiKey, limits: settings.sizes.response)
        baseClient.keepsRaw = false
        if let session = context.sessionID { baseClient.headers[Self.sessionHeader] = HeaderText.escaping(session) }
        setHeaders(settings.headers)
    }

    private static let sessionHeader = "X-Session-ID"

    var models: ModelDirectory { server.models }
    var renderer: PromptRenderer { server.renderer }
    var dialects: DialectDirectory { server.dialects }

    /// The same for another server.
    func bound(to server: VLLMServer) -> VLLMCore {
        var core = self
        core.server = server
        core.settings.baseURL = server.baseURL
        core.baseClient.baseURL = server.baseURL
        return core
    }

    /// The same for one call: with the header fields of its options over those of the configuration.
    ///
    /// Requests of one session bear one `X-Session-ID`, by which routers send them to where their prefix is cached: that of the request's
    /// conversation, else the host's session.
    func serving(_ request: ChatRequest, options: JSONObject) -> VLLMCore {
        var core = self
        let isConfigured = settings.headers.contains { $0.key.lowercased() == Self.sessionHeader.lowercased() }
        if let conversation = request.conversationID, !conversation.isEmpty, !isConfigured {
            core.baseClient.headers[Self.sessionHeader] = HeaderText.escaping(conversation)
        }
        if let headers = options["headers"]?.object { core.setHeaders(headers) }
        return core
    }

    /// Sets header fields; one that is `null` is not sent.
    private mutating func setHeaders(_ headers: JSONObject) {
        for (name, value) in headers {
            let text = value.isNull ? nil : value.string ?? value.text
            baseClient.headers[name] = text
            // Of `Bearer KEY`, only the key is secret.
            if let text, Self.isSecret(name, text) { secrets.append(text.split(separator: " ").last.map(String.init) ?? text) }
        }
        redactor = Redactor(secrets: secrets)
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
        error.details = redactor.redact(error.details)
        return error
    }

    /// A body, fit to be shown.
    func masked(_ body: JSONObject) -> JSONValue { .object(redactor.redact(body)) }

    /// What tells the session of one call, under the name that the host gave it, or else one of its own.
    func recorder(_ request: ChatRequest, options: JSONObject) -> CallRecorder {
        let names = [request.metadata?["request_id"], options["request_id"]].lazy.compactMap { $0?.string }
        let name = names.first(where: HeaderText.isVisible)
        return CallRecorder(
            sink: context.events, settings: settings, redactor: redactor, instanceID: context.instanceID,
            requestID: name ?? SessionID.random())
    }

    /// Whether a header field holds a credential, by its name or by how it is spelled.
    private static func isSecret(_ name: String, _ value: String) -> Bool {
        Redactor().redact(value, ofHeader: name) != value
    }
}
