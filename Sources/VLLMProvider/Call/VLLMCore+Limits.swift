import JSON
import ProviderKit
import VLLMClient

extension VLLMCore {
    /// The plan of a chat, made to fit the model's limits. The server is asked to count only where the prompt may be too long.
    /// - Throws: `ProviderError` with the code `contextLength`.
    func fitted(
        _ plan: CallPlan, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(ProviderError) -> CallPlan {
        var known = try await limits(of: model, client)
        let limits = known.limited(by: settings)
        let window = limits.contextWindow
        var plan = plan
        plan.limitOutput(limits)
        guard !plan.holdsMedia else { return plan.uncounted(window) }
        guard !plan.fits(window, withPromptOf: plan.roughPromptTokenBound) else { return plan }
        guard let bound = plan.promptTokenBound else { return plan.uncounted(window) }
        guard !plan.fits(window, withPromptOf: bound) else { return plan }
        let request = PromptRenderer.request(plan, model: model)
        guard let counted = await count(request, client: client, recorder: recorder) else { return plan.uncounted(window) }
        known.update(contextWindow: counted.contextWindow)
        try plan.fit(promptTokens: counted.count, window: known.limited(by: settings).contextWindow, model: model)
        return plan
    }

    /// The plan of a completion, made to fit the model's limits.
    /// - Throws: `ProviderError` with the code `contextLength`.
    func fitted(
        _ plan: CallPlan, _ prompt: PromptRenderer.Prompt, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(ProviderError) -> CallPlan {
        var known = try await limits(of: model, client)
        known.update(contextWindow: prompt.contextWindow)
        let limits = known.limited(by: settings)
        let window = limits.contextWindow
        var plan = plan
        plan.limitOutput(limits)
        switch prompt.prompt {
        case .tokens(let tokens): try plan.fit(promptTokens: tokens.count, window: window, model: model)
        case .text(let text):
            guard let window, plan.mayExceed(window, withPromptOf: text.utf8.count) else { break }
            let request = TokenizeRequest(model: model, .prompt(text))
            guard let counted = await count(request, client: client, recorder: recorder) else { return plan.uncounted(window) }
            known.update(contextWindow: counted.contextWindow)
            try plan.fit(promptTokens: counted.count, window: known.limited(by: settings).contextWindow, model: model)
        case .texts, .tokenLists: break
        }
        return plan
    }

    /// How many tokens the server counts; `nil` where it cannot: the call itself tells what is wrong.
    private func count(_ request: TokenizeRequest, client: LimitedClient, recorder: CallRecorder) async -> Tokenization? {
        do throws(VLLMError) {
            try recorder.sent(path: TokenizeRequest.path, body: request.json)
            return try await client.next().tokenize(request)
        } catch {
            return nil
        }
    }
}

extension Tokenization {
    /// The context window, where it is a number of tokens.
    var contextWindow: Int? { maxModelLength.flatMap { $0 > 0 ? $0 : nil } }
}

extension CallPlan {
    /// Whether a prompt of at most `bound` tokens and its answer fit, without anything being cut.
    fileprivate func fits(_ window: Int?, withPromptOf bound: Int) -> Bool {
        if let kept = keptPromptTokens(window: window), bound > kept { return false }
        return window.map { !mayExceed($0, withPromptOf: bound) } ?? true
    }

    fileprivate func uncounted(_ window: Int?) -> CallPlan {
        var plan = self
        plan.limitUncounted(window: window)
        return plan
    }
}
