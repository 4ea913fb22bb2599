import JSON
import ProviderKit
import VLLMClient

extension VLLMCore {
    /// What vLLM can do with any model that generates text, in the contract's words; its list of models tells nothing of that.
    static let capabilities = ["streaming", "tools", "thinking", "json_mode"]

    /// What is known of the model that answers when a request names none.
    var modelInfo: ModelInfo? {
        let known = pool.servers.compactMap { $0.models.known }
        guard let model = settings.defaultModel ?? known.lazy.compactMap(ModelDirectory.onlyModel).first else { return nil }
        let info = modelInfo(model, in: known)
        return known.isEmpty && info.contextWindow == 0 ? nil : info
    }

    /// A model of one or more servers, with limits within those of the configuration: any of the servers may be the one to answer.
    private func modelInfo(_ model: String, in lists: [[ModelList.Model]]) -> ModelInfo {
        let limits = lists.map { ModelLimits(of: model, in: $0) }.reduce(ModelLimits()) { $0.smaller($1) }.limited(by: settings)
        let window = limits.contextWindow ?? 0
        let parent = lists.lazy.joined().first { $0.id == model }?.parent
        return ModelInfo(
            id: model, displayName: model, contextWindow: window,
            maxOutputTokens: limits.maxOutputTokens.map { window > 0 ? min($0, window) : $0 } ?? window,
            capabilities: Self.capabilities, pricing: settings.pricing, additional: parent.map { ["parent": .string($0)] } ?? [:])
    }

    /// The models that the servers have now, each once, those of the first server first.
    /// - Throws: `ProviderError`, where no server tells them: that of the first one.
    func listModels() async throws(ProviderError) -> [ModelInfo] {
        let outcomes = await ofEachServer { core -> Result<[ModelList.Model], ProviderError> in
            do throws(ProviderError) { return .success(try await core.models.list(core.client())) } catch { return .failure(error) }
        }
        let lists = outcomes.compactMap { try? $0.get() }
        guard !lists.isEmpty else { return try outcomes[0].map { _ in [] }.get() }
        var ids: Set<String> = []
        return lists.joined().filter { ids.insert($0.id).inserted }.map { modelInfo($0.id, in: lists) }
    }

    /// Finds out what the servers have, and warns of what the configuration claims beyond it.
    func prepare() async {
        warnings.tellOfSettings()
        _ = await ofEachServer { core in
            let client = core.client()
            let limited = LimitedClient(client, limits: settings.limits, clock: clock)
            guard let models = try? await core.models.models(client, limited) else { return }
            guard let model = settings.defaultModel ?? ModelDirectory.onlyModel(of: models) else { return }
            core.warn(of: model, in: models)
        }
    }

    /// Does the same for all servers at once; what comes of it is in their order.
    private func ofEachServer<Outcome: Sendable>(_ work: @escaping @Sendable (VLLMCore) async -> Outcome) async -> [Outcome] {
        guard pool.servers.count > 1 else { return [await work(self)] }
        return await withTaskGroup(of: (Int, Outcome).self) { group in
            for (index, server) in pool.servers.enumerated() {
                let core = bound(to: server)
                group.addTask { (index, await work(core)) }
            }
            var outcomes: [Int: Outcome] = [:]
            for await (index, outcome) in group { outcomes[index] = outcome }
            return pool.servers.indices.compactMap { outcomes[$0] }
        }
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
        for warning in ModelLimits(of: model, in: models).warnings(of: model, settings: settings) { warnings.tell(warning) }
    }
}
