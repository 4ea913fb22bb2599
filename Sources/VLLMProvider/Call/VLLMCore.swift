import HTTPTransport
import Indirection
import JSON
import Locks
import ProviderKit
import Redaction
import VLLMClient

/// What all calls of a provider share, bound to one of its servers: the first one, until a call has leased another.
struct VLLMCore: Sendable {
    /// What the cores of all servers and calls have in common: whoever holds one of them need not hold a copy of it.
    private final class Common: Sendable {
        let context: ProviderContext
        let clock: CallClock
        let scope: TaskScope
        let executor: (any TaskExecutor)?
        let pool: ServerPool
        let retryBudget: Guarded<RetryBudget>
        let reportedRepairs = Guarded(ReportedRepairs())
        let warnings: ProviderWarnings
        let carrier: Carrier

        init(
            context: ProviderContext, clock: CallClock, scope: TaskScope, executor: (any TaskExecutor)?, pool: ServerPool,
            retryBudget: RetryBudget, warnings: ProviderWarnings, carrier: Carrier
        ) {
            self.context = context
            self.clock = clock
            self.scope = scope
            self.executor = executor
            self.pool = pool
            self.retryBudget = Guarded(retryBudget)
            self.warnings = warnings
            self.carrier = carrier
        }
    }

    private let common: Common
    private var server: VLLMServer
    @Indirect private var baseClient: VLLMClient
    private var secrets: SecretStore

    init(
        settings: VLLMSettings, context: ProviderContext, transport: any Transport, clock: CallClock = .continuous,
        scope: TaskScope = TaskScope(), executor: (any TaskExecutor)? = nil
    ) {
        let known = settings.secrets + ProxyVariables.secrets(context.environment)
        for secret in known { context.keepSecret(secret) }
        let secrets = SecretStore(known)
        self.secrets = secrets
        let warnings = ProviderWarnings(settings: settings, context: context)
        var keys: APIKeyStore?
        if let source = settings.apiKey.source {
            keys = APIKeyStore(source, environment: context.environment, clock: clock, scope: scope) { (news: APIKeyStore.News) in
                switch news {
                case .read(let key):
                    secrets.learn(key)
                    context.keepSecret(key)
                case .warning(let message): warnings.tell(ProviderWarning(message, model: nil))
                }
            }
        }
        let carrier = Carrier(transport, keys: keys)
        let recorder = Self.exchangeRecorder(settings, context, secrets)
        var client = VLLMClient(
            baseURL: settings.baseURL, transport: carrier.transport(recorder: recorder), apiKey: settings.apiKey.text,
            limits: settings.sizes.response)
        client.keepsRaw = false
        client.secrets = secrets
        if let session = context.sessionID { client.headers[Self.sessionHeader] = HeaderText.escaping(session) }
        Self.set(settings.headers, of: &client)
        baseClient = client
        let pool = ServerPool(settings, clock: clock, client: client)
        server = pool.servers[0]
        common = Common(
            context: context, clock: clock, scope: scope, executor: executor, pool: pool,
            retryBudget: RetryBudget(perCall: settings.retryBudget, capacity: settings.retryBurst, now: clock.now()), warnings: warnings,
            carrier: carrier)
    }

    private static let sessionHeader = "X-Session-ID"

    var context: ProviderContext { _read { yield common.context } }
    /// The time by which calls wait.
    var clock: CallClock { common.clock }
    /// What ends when the provider is closed.
    var scope: TaskScope { common.scope }
    /// The thread of the connections, for tasks that read answers there; `nil` where the transport has none.
    var executor: (any TaskExecutor)? { common.executor }
    var pool: ServerPool { common.pool }
    var retryBudget: Guarded<RetryBudget> { common.retryBudget }
    var reportedRepairs: Guarded<ReportedRepairs> { common.reportedRepairs }
    var warnings: ProviderWarnings { common.warnings }
    var settings: VLLMSettings { _read { yield server.settings } }
    var models: ModelDirectory { server.models }
    var renderer: PromptRenderer { server.renderer }
    var dialects: DialectDirectory { server.dialects }

    /// The same for another server.
    func bound(to server: VLLMServer) -> VLLMCore {
        if server === self.server { return self }
        var core = self
        core.server = server
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
        if let headers = options["headers"]?.object {
            Self.set(headers, of: &core.baseClient)
            let own = HeaderText.secrets(headers)
            if !own.isEmpty { core.secrets = SecretStore(own, within: secrets) }
            core.baseClient.secrets = core.secrets
        }
        return core
    }

    /// Sets header fields; one that is `null` is not sent.
    private static func set(_ headers: JSONObject, of client: inout VLLMClient) {
        for (name, value) in headers {
            client.headers[name] = value.isNull ? nil : value.string ?? value.text
        }
    }

    /// A client for what belongs to no call.
    func client() -> VLLMClient { baseClient }

    /// A client for an attempt of a call.
    /// - Parameter requestID: the attempt's name in the server's log.
    func client(requestID: String, of call: CallRecorder) -> VLLMClient {
        var client = baseClient
        client.headers["X-Request-Id"] = requestID
        if let recorder = Self.exchangeRecorder(settings, context, secrets, requestID: call.requestID) {
            client.transport = common.carrier.transport(recorder: recorder)
        }
        return client
    }

    /// Has the key read that a raw record must not repeat.
    func prepareRawRecords(limits: TimeLimits) async {
        if settings.isRawDebug { await common.carrier.learnKey(within: limits.total) }
    }

    /// What tells of exchanges with the servers, where that is wanted.
    private static func exchangeRecorder(
        _ settings: VLLMSettings, _ context: ProviderContext, _ secrets: SecretStore, requestID: String? = nil
    ) -> ExchangeRecorder? {
        guard settings.isRawDebug else { return nil }
        return ExchangeRecorder(settings: settings, context: context, secrets: secrets, requestID: requestID)
    }

    /// A header field's value, fit to be shown.
    func masked(name: String, value: String) -> String {
        secrets.redactor.redact(value, ofHeader: name)
    }

    /// The error without credentials, should the server or a proxy have repeated them.
    func redacted(_ error: ProviderError) -> ProviderError {
        let redactor = secrets.redactor
        var error = error
        error.message = redactor.redact(error.message)
        error.body = error.body.map { redactor.redact($0) }
        error.details = redactor.redact(error.details)
        error.requestID = error.requestID.map { redactor.redact($0) }
        return error
    }

    /// A body, fit to be shown.
    func masked(_ body: JSONObject) -> JSONValue { .object(secrets.redactor.redact(body)) }

    /// What tells the session of one call, under the name that the host gave it, or else one of its own.
    func recorder(_ request: ChatRequest, options: JSONObject) -> CallRecorder {
        let names = [request.metadata?["request_id"], options["request_id"]].lazy.compactMap { $0?.string }
        let name = names.first(where: HeaderText.isVisible)
        warnings.tellOfSettings()
        return CallRecorder(
            sink: context.events, server: server, secrets: secrets, instanceID: context.instanceID,
            requestID: name ?? SessionID.random())
    }
}
