import JSON
import Locks
import ProviderKit
import VLLMClient

extension VLLMCore {
    /// What vLLM can do with any model that generates text, in the contract's words; its list of models tells nothing of that.
    static let capabilities = ["streaming", "tools", "thinking", "json_mode"]

    /// What is known of the model that answers when a request names none.
    var modelInfo: ModelInfo? {
        let known = models.known
        guard let model = settings.defaultModel ?? known.flatMap(ModelDirectory.onlyModel) else { return nil }
        let info = modelInfo(model, in: known ?? [])
        return known == nil && info.contextWindow == 0 ? nil : info
    }

    /// A model, with limits within those of the configuration.
    func modelInfo(_ model: String, in models: [ModelList.Model]) -> ModelInfo {
        let limits = ModelLimits(of: model, in: models).limited(by: settings)
        let window = limits.contextWindow ?? 0
        let parent = models.first { $0.id == model }?.parent
        return ModelInfo(
            id: model, displayName: model, contextWindow: window,
            maxOutputTokens: limits.maxOutputTokens.map { window > 0 ? min($0, window) : $0 } ?? window,
            capabilities: Self.capabilities, pricing: settings.pricing, additional: parent.map { ["parent": .string($0)] } ?? [:])
    }

    /// Finds out what the server has, and warns of what the configuration claims beyond it.
    func prepare() async {
        guard let models = try? await models.models(client(), LimitedClient(client(), limits: settings.limits)) else { return }
        guard let model = settings.defaultModel ?? ModelDirectory.onlyModel(of: models) else { return }
        warn(of: model, in: models)
    }

    /// The model to ask when nobody names one.
    /// - Throws: `ProviderError`.
    func defaultModel(_ limited: LimitedClient) async throws(ProviderError) -> String {
        try await models.defaultModel(client(), limited)
    }

    /// The limits of a model at the server, which those of the configuration are not yet part of; not known where the server does not tell
    /// them soon.
    /// - Throws: `ProviderError`, when a time limit of the call passes.
    func limits(of model: String, _ limited: LimitedClient) async throws(ProviderError) -> ModelLimits {
        let models = try await models.modelsIfTold(client(), for: model, limited) ?? []
        warn(of: model, in: models)
        return ModelLimits(of: model, in: models)
    }

    private func warn(of model: String, in models: [ModelList.Model]) {
        for warning in ModelLimits(of: model, in: models).warnings(of: model, settings: settings) { warn(warning) }
    }

    /// Tells the session of something once.
    private func warn(_ warning: ProviderWarning) {
        guard warnings.withLock({ $0.insert(warning).inserted }), context.events.wants(EventName.providerWarning) else { return }
        var data: JSONObject = ["provider": .string(settings.providerName)]
        data["instance_id"] = context.instanceID.map { .string($0) }
        data["model"] = warning.model.map { .string($0) }
        data["lvl"] = "WARNING"
        data["message"] = .string(warning.message)
        data.merge(warning.data)
        context.events.emit(EventName.providerWarning, data)
    }
}
