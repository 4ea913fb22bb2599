import JSON
import ProviderKit
import VLLMClient

extension VLLMCore {
    /// The plan of a chat, made to fit the model's limits. The server is asked to count only where the prompt may be too long.
    /// - Throws: `ProviderError` with the code `contextLength`.
    @inline(never)
    func fitted(
        _ plan: CallPlan, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(ProviderError) -> CallPlan {
        let known = try await limits(of: model, client)
        var plan = plan
        guard let request = fit(&plan, to: known, model: model) else { return plan }
        try fit(&plan, to: known, await count(request, client: client, recorder: recorder), model: model)
        return plan
    }

    /// The plan of a completion, made to fit the model's limits.
    /// - Throws: `ProviderError` with the code `contextLength`.
    @inline(never)
    func fitted(
        _ plan: CallPlan, _ prompt: PromptRenderer.Prompt, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(ProviderError) -> CallPlan {
        var known = try await limits(of: model, client)
        known.update(contextWindow: prompt.contextWindow)
        var plan = plan
        guard let request = try fit(&plan, prompt.prompt, to: known, model: model) else { return plan }
        try fit(&plan, to: known, await count(request, client: client, recorder: recorder), model: model)
        return plan
    }

    // What does not wait stands by itself: its variables have no place in the memory of a stream.

    /// Makes the plan of a chat fit, as far as that can be done without counting.
    /// - Returns: what the server is to count, where it has to.
    @inline(never)
    private func fit(_ plan: inout CallPlan, to known: ModelLimits, model: String) -> TokenizeRequest? {
        let limits = known.limited(by: settings)
        let window = limits.contextWindow
        plan.limitOutput(limits)
        if plan.holdsMedia {
            plan.limitUncounted(window: window)
            return nil
        }
        if plan.fits(window, withPromptOf: plan.roughPromptTokenBound) { return nil }
        guard let bound = plan.promptTokenBound else {
            plan.limitUncounted(window: window)
            return nil
        }
        return plan.fits(window, withPromptOf: bound) ? nil : PromptRenderer.request(plan, model: model)
    }

    /// Makes the plan of a completion fit, as far as that can be done without counting.
    /// - Returns: what the server is to count, where it has to.
    @inline(never)
    private func fit(
        _ plan: inout CallPlan, _ prompt: CompletionRequest.Prompt, to known: ModelLimits, model: String
    ) throws(ProviderError) -> TokenizeRequest? {
        let limits = known.limited(by: settings)
        plan.limitOutput(limits)
        switch prompt {
        case .tokens(let tokens): try plan.fit(promptTokens: tokens.count, window: limits.contextWindow, model: model)
        case .text(let text):
            guard let window = limits.contextWindow, plan.mayExceed(window, withPromptOf: text.utf8.count) else { break }
            return TokenizeRequest(model: model, .prompt(text))
        case .texts, .tokenLists: break
        }
        return nil
    }

    /// Makes a plan fit whose prompt the server was to count; `nil` where it could not.
    @inline(never)
    private func fit(
        _ plan: inout CallPlan, to known: ModelLimits, _ counted: Tokenization?, model: String
    ) throws(ProviderError) {
        var known = known
        known.update(contextWindow: counted?.contextWindow)
        let window = known.limited(by: settings).contextWindow
        guard let counted else { return plan.limitUncounted(window: window) }
        try plan.fit(promptTokens: counted.count, window: window, model: model)
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
}
