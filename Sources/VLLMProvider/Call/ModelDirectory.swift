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
    func defaultModel(_ client: LimitedClient) async throws(ProviderError) -> String {
        let models = if let known = known.withLock({ $0 }) { known } else { try await list(client) }
        // A LoRA adapter is listed with the model that it stands on, and all names of one model with the same root.
        let bases = models.filter { $0.parent == nil }
        if let first = bases.first ?? models.first, bases.count == 1 || bases.allSatisfy({ $0.root != nil && $0.root == first.root }) {
            return first.id
        }
        guard !models.isEmpty else {
            throw ProviderError(.notFound, "the server at \(settings.baseURL) serves no model", hint: "load one, or check base_url")
        }
        let names = models.map(\.id).joined(separator: ", ")
        throw ProviderError(
            .configuration, "the server at \(settings.baseURL) serves several models: \(names)",
            hint: "choose one with default_model or --model")
    }

    /// The models that the server has now.
    /// - Throws: `ProviderError`.
    func list(_ client: LimitedClient) async throws(ProviderError) -> [ModelList.Model] {
        do throws(VLLMError) {
            let models = try await client.next().models().models
            known.withLock { $0 = models.isEmpty ? nil : models }
            return models
        } catch {
            throw ProviderError(error, settings: settings, timeout: client.timeout)
        }
    }

    /// Forgets what is known: the server may have been started with another model.
    func forget() {
        known.withLock { $0 = nil }
    }
}
