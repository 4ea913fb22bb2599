import Configuration
import JSON
import ProviderKit

/// A provider without a server: what the last message says decides what it does (`FakeSource`).
struct FakeProvider: Provider {
    let name = "fake"
    let priority = 7
    let context: ProviderContext

    /// `api_key` is told as a secret; `timeout` and `mood` are always wrong.
    init(_ configuration: ConfigurationNode?, _ path: String, _ context: ProviderContext) throws {
        self.context = context
        let config = configuration?.json.object ?? [:]
        if let key = config["api_key"]?.string { context.keepSecret(key) }
        if config["crash"] != nil { throw CancellationError() }
        let issues = ["timeout", "mood"].filter { config[$0] != nil }.map {
            ConfigurationIssue(.error, .invalidValue, "\($0) is wrong", keyPath: "\(path).\($0)", hint: "leave it out")
        }
        if !issues.isEmpty { throw ConfigurationError(issues) }
    }

    /// Tells the session and the host of it, which no other provider does.
    var info: ProviderInfo {
        context.events.emit("provider:info", [:])
        context.keepSecret("asked")
        return ProviderInfo(
            id: "fake", displayName: "Fake", defaults: ["session": .string(context.sessionID ?? ""), "home": .string(home)])
    }

    private var home: String { context.environment["HOME"] ?? "" }

    func prepare() async { context.events.emit("provider:warning", ["message": "prepared"]) }

    func listModels() async throws(ProviderError) -> [ModelInfo] {
        guard context.environment["NO_MODELS"] == nil else { throw ProviderError(.network, "nobody there", provider: name) }
        return [ModelInfo(id: "m", displayName: "M", contextWindow: 10, maxOutputTokens: 5)]
    }

    func stream(_ request: ChatRequest, options: JSONObject) -> ResponseStream {
        ResponseStream(FakeSource(request.messages.last?.content.plainText ?? "", options: options, context: context))
    }

    func close() async { context.events.emit("provider:closed", [:]) }
}
