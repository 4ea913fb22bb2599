import Configuration
import HTTPTransport
import JSON
import ProviderKit
import Redaction
import VLLMClient

/// What a provider was configured to do, resolved and typed.
struct VLLMSettings: Sendable {
    /// How a conversation becomes the prompt of a completion.
    enum PromptFormat: String {
        /// By the model's own chat template, on the server.
        case template
        /// As `[ROLE]` lines.
        case plain
    }

    let providerName = "vllm"
    /// The server that the settings are bound to: the first one, until they are bound to another.
    var baseURL: BaseURL
    let servers: ServerSettings
    var apiKey: APIKeySetting
    var defaultModel: String?
    var usesCompletions: Bool
    var promptFormat: PromptFormat
    var developerRole: DeveloperRole
    var dialect: DialectSetting
    var streams: Bool
    var limits: TimeLimits
    var sizes: SizeLimits
    var retries: RetryPolicy
    /// How many retries a call may bring on average.
    var retryBudget: Double
    /// How many retries may come at once.
    var retryBurst: Int
    var priority: Int
    var contextWindow: Int?
    var maxOutputTokens: Int?
    var isDebug: Bool
    var isRawDebug: Bool
    var debugTruncateLength: Int
    var caFile: String?
    var skipsTLSVerification: Bool
    var proxy: String?
    var headers: JSONObject
    /// What tokens cost; `nil` where nobody has said.
    var pricing: Pricing?
    /// The settings of generation that a call may change, under their configuration keys.
    private(set) var generation: JSONObject
    /// What they come to for a call that changes none.
    private(set) var unchanged: UnchangedOptions?

    /// Reads the settings from resolved values.
    /// - Throws: `ConfigurationError` for a server's address that is none, and for what a schema cannot say of other keys.
    init(_ values: ConfigurationValues) throws(ConfigurationError) {
        servers = try ServerSettings(values)
        baseURL = servers.baseURLs[0]
        apiKey = try APIKeySetting(values)
        defaultModel = values.string("default_model")
        usesCompletions = values.bool("use_completions") ?? true
        promptFormat = values.string("prompt_format").flatMap(PromptFormat.init(rawValue:)) ?? .template
        developerRole = values.string("developer_role").flatMap(DeveloperRole.init(rawValue:)) ?? .system
        guard let dialect = DialectSetting(values.string("dialect") ?? "auto") else {
            throw ConfigurationError([
                values.issue(
                    for: "dialect", "expected auto, openai or a version of vLLM, found \"\(values.string("dialect") ?? "")\"",
                    hint: "such as 0.11.2")
            ])
        }
        self.dialect = dialect
        streams = values.bool("use_streaming") ?? true
        limits = TimeLimits(values)
        sizes = SizeLimits(values)
        retries = RetryPolicy(values)
        retryBudget = values.double("retry_budget") ?? 0.2
        retryBurst = values.int("retry_burst") ?? 100
        priority = values.int("priority") ?? 100
        contextWindow = values.int("context_window")
        maxOutputTokens = values.int("max_output_tokens")
        isDebug = values.bool("debug") ?? false
        isRawDebug = isDebug && values.bool("raw_debug") ?? false
        debugTruncateLength = values.int("debug_truncate_length") ?? 180
        caFile = values.string("ca_file")
        skipsTLSVerification = values.bool("insecure_skip_verify") ?? false
        proxy = values.string("proxy")
        headers = values.object("headers") ?? [:]
        pricing = try Pricing(values)
        generation = [:]
        for key in VLLMProvider.generationKeys { generation[key] = values[key] }
        do throws(OptionProblem) {
            try HeaderText.check(headers)
            generation = try ExtraBody.lifting(generation, dialect: dialect)
            unchanged = UnchangedOptions(try GenerationOptions(OptionReader(call: [:], configured: generation), settings: self))
        } catch {
            throw ConfigurationError([error.issue(in: values)])
        }
    }

    /// The same for one of the servers.
    func bound(to baseURL: BaseURL) -> VLLMSettings {
        var settings = self
        settings.baseURL = baseURL
        return settings
    }

    /// How the transport is to carry the requests.
    var transportOptions: CurlTransport.Options {
        var options = CurlTransport.Options()
        options.caFile = caFile
        options.insecureSkipVerify = skipsTLSVerification
        options.proxy = proxy
        options.headerLimit = sizes.headers
        return options
    }

    /// What must be in no event and no error, as far as the configuration tells it.
    var secrets: [String] {
        [apiKey.text].compactMap(\.self) + HeaderText.secrets(headers) + (proxy.map { Redactor.secrets(inURL: $0) } ?? [])
    }

    /// The same for curl(1); a proxy's password is left out.
    func curlOptions(_ limits: TimeLimits) -> [String] {
        var options = ["--connect-timeout", "\(limits.connect / .seconds(1))", "--max-time", "\(limits.total / .seconds(1))"]
        if let caFile { options += ["--cacert", caFile] }
        if skipsTLSVerification { options.append("--insecure") }
        if let proxy { options += ["--proxy", Redactor().redact(url: proxy)] }
        return options
    }
}
