public import Configuration
public import HTTPTransport
public import JSON
import Locks
public import ProviderKit
import VLLMClient

/// A provider that asks a vLLM server, over `/v1/completions` or `/v1/chat/completions`.
public final class VLLMProvider: Provider {
    /// The module's name in a mount plan.
    public static let moduleName = "provider-vllm"

    /// The version of this package.
    public static let version = "0.1.0"

    /// The events that a provider of this module emits, for hosts whose log has to be told of each (Amplifier's `observability.events`).
    public static let eventNames = [
        EventName.llmRequest, EventName.llmRequestDebug, EventName.llmRequestRaw, EventName.llmCallRaw, EventName.llmExchangeRaw,
        EventName.llmResponse, EventName.llmResponseDebug, EventName.llmResponseRaw, EventName.llmStreamBlockStart,
        EventName.llmStreamBlockDelta, EventName.llmStreamBlockEnd,
        EventName.llmStreamAborted, EventName.providerToolSequenceRepaired,
        EventName.providerWarning, EventName.providerIncompleteContinuation, EventName.providerRetry, EventName.providerThrottle,
    ]

    let core: VLLMCore
    /// The transport, where it is the provider's own.
    private let ownTransport: CurlTransport?
    /// Its share of one, where it is that of a pool.
    private let share: TransportPool.Share?

    /// A provider as a mount plan configures it. Nothing is sent yet.
    /// - Parameters:
    ///   - configuration: the module's `config`; `schema` says what it may hold.
    ///   - path: where the configuration stands in the plan, for messages: `providers[0].config`.
    ///   - transport: what carries the requests; libcurl unless it is given.
    ///   - context: what the host gives.
    /// - Throws: `ConfigurationError` with everything that is wrong.
    public convenience init(
        configuration: ConfigurationNode?, path: String = "config", transport: (any Transport)? = nil, context: ProviderContext
    ) throws(ConfigurationError) {
        try self.init(configuration: configuration, path: path, transport: transport, context: context, clock: .continuous)
    }

    /// The same with a transport of `transports`, which other providers with such settings use, too.
    public convenience init(
        configuration: ConfigurationNode?, path: String = "config", transports: TransportPool, context: ProviderContext
    ) throws(ConfigurationError) {
        try self.init(
            configuration: configuration, path: path, transport: nil, transports: transports, context: context, clock: .continuous)
    }

    /// The same by a clock that a test sets.
    init(
        configuration: ConfigurationNode?, path: String = "config", transport: (any Transport)?, transports: TransportPool? = nil,
        context: ProviderContext, clock: CallClock
    ) throws(ConfigurationError) {
        let (values, issues) = Self.schema.resolve(configuration, environment: context.environment, path: path)
        guard !issues.hasErrors else { throw ConfigurationError(issues) }
        let settings = try VLLMSettings(values)
        let scope = TaskScope()
        share = transport == nil ? transports?.share(settings.transportOptions) : nil
        if let transport = transport ?? share?.transport {
            ownTransport = nil
            let executor = (transport as? CurlTransport)?.executor
            let shared = SharedTransport(transport: transport, share: share, scope: scope, executor: executor)
            core = VLLMCore(
                settings: settings, context: context, transport: shared, clock: clock, scope: scope, executor: executor)
        } else {
            let transport = CurlTransport(options: settings.transportOptions)
            ownTransport = transport
            core = VLLMCore(
                settings: settings, context: context, transport: transport, clock: clock, scope: scope, executor: transport.executor)
        }
    }

    /// `vllm`.
    public var name: String { core.settings.providerName }

    /// The configured priority, 100 by default.
    public var priority: Int { core.settings.priority }

    /// The provider's description with the settings in force.
    public var info: ProviderInfo {
        var defaults: JSONObject = core.settings.generation
        let model = modelInfo
        defaults["model"] = (core.settings.defaultModel ?? model?.id).map { .string($0) }
        defaults["context_window"] = model.flatMap { $0.contextWindow > 0 ? .integer($0.contextWindow) : nil }
        defaults["max_output_tokens"] = model.flatMap { $0.maxOutputTokens > 0 ? .integer($0.maxOutputTokens) : nil }
        defaults["timeout"] = .double(core.settings.limits.total / .seconds(1))
        return ProviderInfo(
            id: name, displayName: "vLLM", credentialEnvVars: ["VLLM_API_KEY"],
            capabilities: VLLMCore.capabilities, defaults: defaults,
            configFields: [
                ConfigField(
                    id: "base_url", displayName: "Server", prompt: "Where is the vLLM server?", envVar: "VLLM_BASE_URL",
                    defaultValue: "http://localhost:8000"),
                ConfigField(
                    id: "api_key", displayName: "API key", prompt: "The server's API key, if it has one", fieldType: "secret",
                    envVar: "VLLM_API_KEY", isRequired: false),
            ])
    }

    /// The models that the servers have now, each once.
    /// - Throws: `ProviderError`, where no server tells them.
    public func listModels() async throws(ProviderError) -> [ModelInfo] {
        do throws(ProviderError) {
            return try await core.listModels()
        } catch {
            throw core.redacted(error)
        }
    }

    /// The configured model, or else the only one that the server has, as far as its limits are known.
    public var modelInfo: ModelInfo? { core.modelInfo }

    /// Asks the servers for their models; what the configuration claims beyond them is told as `provider:warning`.
    public func prepare() async { await core.prepare() }

    /// Asks the model; nothing is sent before the stream is read.
    public func stream(_ request: ChatRequest, options: JSONObject) -> ResponseStream {
        ResponseStream(VLLMCall(request, options: options, core: core))
    }

    /// Ends the calls in flight with the code `cancelled`, as it does later ones, and closes the provider's connections. A transport that
    /// was given, or that others of its pool use, stays open: it may serve others. May be called more than once and waits for nothing.
    ///
    /// A provider that is dropped without it closes its connections when the last answer that somebody still reads is over.
    public func close() async {
        core.scope.close()
        core.pool.close()
        ownTransport?.close()
        share?.close()
    }
}
