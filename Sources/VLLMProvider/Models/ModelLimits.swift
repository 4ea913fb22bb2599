import JSON
import VLLMClient

/// How many tokens a model takes and gives, as far as it is known: what is not known is `nil`, never a guess.
struct ModelLimits: Hashable {
    /// How many tokens prompt and answer may have together.
    var contextWindow: Int?
    /// The context window is that of the engine (`max_model_len`), and not what a proxy allows.
    private(set) var isOfEngine = false
    /// How many tokens an answer may have, where something limits it besides the context window.
    var maxOutputTokens: Int?

    /// Nothing is known.
    init() {}

    /// What the server says of a model: vLLM tells `max_model_len`, proxies such as LiteLLM `max_input_tokens`, and what a LoRA adapter
    /// stands on tells for the adapter.
    init(of model: String, in models: [ModelList.Model]) {
        var card = models.first { $0.id == model }
        contextWindow = card.flatMap { $0.maxModelLength ?? $0.maxInputTokens }
        maxOutputTokens = card?.maxOutputTokens
        if contextWindow == nil, let parent = card?.parent {
            card = models.first { $0.id == parent }
            contextWindow = card.flatMap { $0.maxModelLength ?? $0.maxInputTokens }
        }
        isOfEngine = card?.maxModelLength != nil
    }

    /// Takes in what the server said of its context window just now: it may have been started anew since it listed its models.
    mutating func update(contextWindow latest: Int?) {
        guard let latest, contextWindow == nil || isOfEngine else { return }
        contextWindow = latest
        isOfEngine = true
    }

    /// The limits within those of the configuration: of the server's and the configured number the smaller one counts.
    func limited(by settings: VLLMSettings) -> ModelLimits {
        var limits = self
        limits.contextWindow = Self.smaller(contextWindow, settings.contextWindow)
        limits.maxOutputTokens = Self.smaller(maxOutputTokens, settings.maxOutputTokens)
        return limits
    }

    /// The limits within those of another server.
    func smaller(_ other: ModelLimits) -> ModelLimits {
        var limits = self
        limits.contextWindow = Self.smaller(contextWindow, other.contextWindow)
        limits.maxOutputTokens = Self.smaller(maxOutputTokens, other.maxOutputTokens)
        return limits
    }

    /// What is configured beyond what the server gives.
    func warnings(of model: String, settings: VLLMSettings) -> [ProviderWarning] {
        var warnings: [ProviderWarning] = []
        func compare(_ setting: String, _ configured: Int?, _ actual: Int?, _ what: String) {
            guard let configured, let actual, configured > actual else { return }
            warnings.append(
                ProviderWarning(
                    "\(setting) is \(configured), but \(what) of \(model) is \(actual) tokens: \(actual) counts", model: model,
                    data: ["setting": .string(setting), "configured": .integer(configured), "actual": .integer(actual)]))
        }
        compare("context_window", settings.contextWindow, contextWindow, "the context window")
        compare("max_output_tokens", settings.maxOutputTokens, Self.smaller(maxOutputTokens, contextWindow), "the longest answer")
        return warnings
    }

    private static func smaller(_ left: Int?, _ right: Int?) -> Int? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }
}
