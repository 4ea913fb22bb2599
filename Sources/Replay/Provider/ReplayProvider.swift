public import Configuration
public import JSON
import Locks
public import ProviderKit
import Redaction
import SessionLog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A provider that answers from the log of an earlier session, and may ask another provider for what the log does not have.
///
/// Its answers are the recorded ones: gathered, they are the same JSON; what failed fails again with the same error. A request that was
/// not recorded is an error of its own, `invalid_request`, which says what is nearest in the log and where it differs.
public final class ReplayProvider: Provider {
    /// Makes the provider that is asked where nothing was recorded.
    public typealias Mount = @Sendable (ModuleSpec, ProviderContext) throws -> any Provider

    let settings: ReplaySettings
    let context: ProviderContext
    /// Who is asked, where somebody may be.
    let inner: (any Provider)?
    let cassette: Cassette?
    let scope = TaskScope()
    private let library = Guarded<Task<Result<ReplayLibrary, ProviderError>, Never>?>(nil)

    /// A provider as a mount plan configures it. Nothing is read or asked yet.
    /// - Parameters:
    ///   - configuration: the module's `config`; `schema` says what it may hold.
    ///   - path: where the configuration stands in the plan, for messages: `providers[0].config`.
    ///   - context: what the host gives.
    ///   - mount: makes the provider that `provider` names.
    /// - Throws: `ConfigurationError` with everything that is wrong, or what `mount` throws.
    public init(
        configuration: ConfigurationNode?, path: String = "config", context: ProviderContext, mount: Mount
    ) throws {
        settings = try ReplaySettings(configuration, path: path, environment: context.environment)
        self.context = context
        if settings.recordMode == .none {
            guard access(settings.log, R_OK) == 0 else {
                let code = errno
                throw ConfigurationError([
                    ConfigurationIssue(
                        .error, code == ENOENT ? .fileNotFound : .unreadable,
                        "the log \(settings.log) cannot be read: \(String(cString: strerror(code)))", keyPath: "\(path).log",
                        origin: configuration?["log"]?.origin, hint: "it is written with `record_mode: once`, or by any session")
                ])
            }
        }
        guard settings.recordMode != .none, var spec = settings.provider else {
            (inner, cassette) = (nil, nil)
            return
        }
        let cassette = Cassette(path: settings.log, sessionID: context.sessionID, mode: settings.recordMode)
        var context = context
        context.events = CassetteEvents(cassette, session: context.events, configuration: spec.config)
        spec.config = Self.recording(spec.config)
        let keepSecret = context.keepSecret
        context.keepSecret = { secret in
            cassette.secrets.learn(secret)
            keepSecret(secret)
        }
        inner = try mount(spec, context)
        self.cassette = cassette
    }

    /// The configuration with whole requests and answers recorded.
    private static func recording(_ config: ConfigurationNode?) -> ConfigurationNode {
        let origin = ConfigurationOrigin.program("record_mode")
        var mapping = config?.mapping ?? ConfigurationMapping()
        for key in ["debug", "raw_debug"] {
            mapping.set(ConfigurationNode(json: true, origin: origin), for: key, keyOrigin: origin)
        }
        return ConfigurationNode(.mapping(mapping), origin: config?.origin ?? origin)
    }

    /// `replay`.
    public var name: String { "replay" }

    /// The configured priority, 100 by default.
    public var priority: Int { settings.priority }

    /// What the provider is.
    public var info: ProviderInfo {
        ProviderInfo(
            id: name, displayName: "Replay of a log", capabilities: ["tools", "streaming", "thinking"],
            defaults: ["log": .string(settings.log)])
    }

    /// What the provider behind it knows; a log does not tell a model's limits.
    public var modelInfo: ModelInfo? { inner?.modelInfo }

    /// Reads the log.
    public func prepare() async {
        _ = try? await loaded()
        await inner?.prepare()
    }

    /// The models that answered in the log; those of the provider behind it, where it is asked.
    public func listModels() async throws(ProviderError) -> [ModelInfo] {
        if let inner { return try await inner.listModels() }
        return try await loaded().models.map { ModelInfo(id: $0, displayName: $0, contextWindow: 0, maxOutputTokens: 0) }
    }

    /// Looks the request up when the stream is read, and answers as it was answered.
    public func stream(_ request: ChatRequest, options: JSONObject) -> ResponseStream {
        ResponseStream(ReplayCall(request, options: options, provider: self))
    }

    /// Ends the answers under way, and the provider behind it.
    public func close() async {
        scope.close()
        await inner?.close()
        guard let cassette else { return }
        // It waits for the disk.
        if let problem = await BackgroundThread.run({ cassette.close() }) { warn(of: problem) }
    }

    /// Tells the session that its answers are not recorded.
    func warn(of problem: SessionLogError) {
        guard context.events.wants(EventName.providerWarning) else { return }
        context.events.emit(
            EventName.providerWarning,
            ["provider": "replay", "lvl": "WARNING", "message": .string("answers are not recorded: \(problem)")])
    }

    /// The log, read once.
    func loaded() async throws(ProviderError) -> ReplayLibrary {
        let settings = settings
        let task = library.withLock { task in
            let loading = task ?? Task { await ReplayLibrary.load(settings) }
            task = loading
            return loading
        }
        return try await task.value.get()
    }
}
