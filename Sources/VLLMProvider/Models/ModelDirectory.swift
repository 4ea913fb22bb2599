import HTTPTransport
import Locks
import ProviderKit
import VLLMClient

/// The models that a server has: asked for once, when a call or the host first needs them.
final class ModelDirectory: Sendable {
    private struct State {
        var models: [ModelList.Model]?
        /// When the server may be asked again for what a call can do without.
        var nextTry: ContinuousClock.Instant?
        /// When the server may be asked again because a call looks for a model that it did not tell.
        var nextRefresh: ContinuousClock.Instant?
    }

    /// How long a call waits for limits, which it can do without.
    private static let patience = Duration.seconds(10)
    /// How long a server that did not tell its models is left alone by calls that can do without.
    private static let pause = Duration.seconds(60)

    private let settings: VLLMSettings
    private let state = Guarded(State())
    private let flight = SingleFlight<Result<[ModelList.Model], ProviderError>>()

    init(settings: VLLMSettings) {
        self.settings = settings
    }

    /// The models, if the server has told them.
    var known: [ModelList.Model]? { state.withLock { $0.models } }

    /// The model to ask when nobody names one: the only one that the server has.
    /// - Throws: `ProviderError`; with the code `configuration` and the list, when there is a choice to make.
    func defaultModel(
        _ client: VLLMClient, _ limited: LimitedClient
    ) async throws(ProviderError) -> String {
        let models = try await models(client, limited)
        if let only = Self.onlyModel(of: models) { return only }
        guard !models.isEmpty else {
            throw ProviderError(.notFound, "the server at \(settings.baseURL) serves no model", hint: "load one, or check base_url")
        }
        let names = models.map(\.id).joined(separator: ", ")
        throw ProviderError(
            .configuration, "the server at \(settings.baseURL) serves several models: \(names)",
            hint: "choose one with default_model or --model")
    }

    /// The one model that there is, whatever its names.
    static func onlyModel(of models: [ModelList.Model]) -> String? {
        // A LoRA adapter is listed with the model that it stands on, and all names of one model with the same root.
        let bases = models.filter { $0.parent == nil }
        guard let first = bases.first ?? models.first else { return nil }
        return bases.count == 1 || bases.allSatisfy({ $0.root != nil && $0.root == first.root }) ? first.id : nil
    }

    /// The models, asked for unless they are known; tasks that ask at the same time share one request.
    /// - Parameters:
    ///   - client: what asks, for all of them.
    ///   - limited: the call that waits, for as long as it waits for an answer.
    /// - Throws: `ProviderError`.
    func models(
        _ client: VLLMClient, _ limited: LimitedClient
    ) async throws(ProviderError) -> [ModelList.Model] {
        if let known { return known }
        return try await listed(client, limited)
    }

    /// The models that the server has now; tasks that ask at the same time share one request.
    /// - Parameters: as of `models`; and `patience`, how long it waits at most, where that is less than the call waits for an answer.
    private func listed(
        _ client: VLLMClient, _ limited: LimitedClient, patience: Duration? = nil
    ) async throws(ProviderError) -> [ModelList.Model] {
        var limit = limited.answerLimit
        if let patience, .now + patience < limit.deadline {
            limit = ReadLimit(deadline: .now + patience, error: TransportError(.other, "the server does not tell its models soon"))
        }
        let outcome = await flight.value(until: limit.deadline) { [self] in
            do throws(ProviderError) { return .success(try await list(client)) } catch { return .failure(error) }
        }
        if let outcome { return try outcome.get() }
        let end = Task.isCancelled ? TransportError(.cancelled, "the call was cancelled") : limit.error
        throw ProviderError(VLLMError(.transport(end), end.message), settings: settings, limits: limited.limits)
    }

    /// The models for a call that can do without: what is known where the server does not tell them, or not soon. They are asked for again
    /// where `model` is not among them, as an adapter that was loaded since.
    /// - Throws: `ProviderError`, when a time limit of the call passes: the call's own request would only wait as long again.
    func modelsIfTold(
        _ client: VLLMClient, for model: String, _ limited: LimitedClient
    ) async throws(ProviderError) -> [ModelList.Model]? {
        let now = ContinuousClock.now
        let (known, nextTry) = state.withLock { ($0.models, $0.nextTry) }
        if known?.contains(where: { $0.id == model }) ?? false || nextTry.map({ now < $0 }) ?? false { return known }
        do throws(ProviderError) {
            let models = try await listed(client, limited, patience: Self.patience)
            if models.contains(where: { $0.id == model }) { return models }
        } catch {
            // Whoever is cancelled has learnt nothing of the server.
            if error.code == .cancelled { return known }
            if error.passedSetting != nil { throw error }
        }
        return state.withLock { state in
            state.nextTry = .now + Self.pause
            return state.models
        }
    }

    /// The models that the server has now.
    /// - Throws: `ProviderError`.
    func list(_ client: VLLMClient) async throws(ProviderError) -> [ModelList.Model] {
        do throws(VLLMError) {
            let models = try await LimitedClient(client, limits: settings.limits, clock: .continuous).next().models().models
            state.withLock { $0.models = models.isEmpty ? nil : models }
            return models
        } catch {
            throw ProviderError(error, settings: settings, limits: settings.limits)
        }
    }

    /// Whether it is time to ask again whether the server has a model that it did not tell, as an adapter that was loaded since: once a
    /// minute.
    func takeRefresh(_ now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            guard state.models != nil, state.nextRefresh.map({ $0 <= now }) ?? true else { return false }
            state.nextRefresh = now + Self.pause
            return true
        }
    }

    /// Forgets what is known where that has a model which the server does not know: the list is wrong. One without it is right.
    func forget(listing model: String?) {
        state.withLock { state in
            if state.models?.contains(where: { $0.id == model }) ?? false { state = State() }
        }
    }

    /// Forgets what is known: the server may have been started with another model.
    func forget() {
        state.withLock { $0 = State() }
    }
}
