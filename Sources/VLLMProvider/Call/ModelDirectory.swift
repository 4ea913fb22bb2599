import JSON
import Locks
import ProviderKit
import VLLMClient

/// The models that a server has: asked for once, when a call or the host first needs them.
final class ModelDirectory: Sendable {
    private let settings: VLLMSettings
    private let known = Guarded<[ModelList.Model]?>(nil)

    init(settings: VLLMSettings) {
        self.settings = settings
    }

    /// The model to ask when nobody names one: the only one that the server has.
    /// - Throws: `ProviderError`; with the code `configuration` and the list, when there is a choice to make.
    func defaultModel(_ client: VLLMClient) async throws(ProviderError) -> String {
        let models = try await models(client, refresh: false)
        // An alias or a LoRA adapter is listed with the model that it stands on.
        let roots = models.filter { $0.parent == nil }
        if models.count == 1 || roots.count == 1, let model = roots.first ?? models.first { return model.id }
        guard !models.isEmpty else {
            throw ProviderError(.notFound, "the server at \(settings.baseURL) has no models", provider: settings.providerName)
        }
        let names = models.map(\.id).joined(separator: ", ")
        throw ProviderError(
            .configuration, "the server at \(settings.baseURL) has several models: \(names)",
            hint: "choose one with default_model or --model", provider: settings.providerName)
    }

    /// The models, from the server where they are not known yet.
    /// - Throws: `ProviderError`.
    func models(_ client: VLLMClient, refresh: Bool) async throws(ProviderError) -> [ModelList.Model] {
        if !refresh, let models = known.withLock({ $0 }) { return models }
        do throws(VLLMError) {
            let models = try await client.models().models
            known.withLock { $0 = models }
            return models
        } catch {
            throw ProviderError(error, settings: settings, model: nil)
        }
    }
}
