import JSON
import ProviderKit
import VLLMClient

extension VLLMCore {
    /// What a server was asked, for what reads the answer and for rounds that go on from it.
    struct SentCall {
        var plan: CallPlan
        /// The prompt of a completion.
        var prompt: PromptRenderer.Prompt?
        /// What could not be done as asked.
        var degradations: [Degradation]
    }

    // Functions that wait do little besides: what they hold has a place in the memory of each stream.

    /// Sends what a call has planned; returns when the server has begun to answer.
    /// - Throws: `ProviderError`.
    func send(
        _ plan: CallPlan, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(ProviderError) -> (source: ChunkSource, call: SentCall) {
        switch plan.endpoint {
        case .chat:
            let (source, degradations) = try await sendChat(plan, model: model, client: client, recorder: recorder)
            return (source, SentCall(plan: plan, degradations: degradations))
        case .completions:
            let prompt = try await render(plan, model: model, client: client, recorder: recorder)
            let plan = plan.prepared
            do throws(ProviderError) {
                let (source, degradations) = try await sendCompletion(plan, prompt, model: model, client: client, recorder: recorder)
                let all = degradations + (prompt.degradation.map { [$0] } ?? [])
                return (source, SentCall(plan: plan, prompt: prompt, degradations: all))
            } catch {
                throw error.followingRendering(of: prompt)
            }
        }
    }

    /// What reads the answer to a call.
    @inline(never)
    func reader(of call: SentCall, model: String) -> AnswerReader {
        AnswerReader(
            model: model, markup: call.plan.markup(model: model, prompt: call.prompt), degradations: call.degradations,
            pricing: settings.pricing, limits: settings.sizes.answer, expectsLogprobs: call.plan.options.logprobs != nil)
    }

    @inline(never)
    private func render(
        _ plan: CallPlan, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(ProviderError) -> PromptRenderer.Prompt {
        do throws(VLLMError) {
            return try await renderer.render(plan, model: model, client: client, recorder: recorder)
        } catch {
            throw ProviderError(error, settings: settings, limits: client.limits)
        }
    }

    /// What comes behind an answer that is cut, or has broken off.
    struct Rest {
        /// `nil` where nothing was left to ask for.
        var source: ChunkSource?
        /// How many tokens there are of the round that broke off, where that is known.
        var tokenCount: Int?
    }

    /// Asks for what comes behind an answer that is cut, or has broken off.
    /// - Throws: `ProviderError`.
    func resume(
        _ call: SentCall, behind partial: PartialAnswer, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(ProviderError) -> Rest {
        var call = call
        let count = try await tokenCountOfBrokenRound(partial, of: call.plan, model: model, client: client)
        if let count {
            guard let plan = call.plan.shortened(by: count) else { return Rest(tokenCount: count) }
            call.plan = plan
        }
        guard var prompt = call.prompt else {
            let plan = call.plan.continued(behind: partial)
            return Rest(source: try await sendChat(plan, model: model, client: client, recorder: recorder).0, tokenCount: count)
        }
        switch prompt.prompt {
        case .tokens(let tokens): prompt.prompt = .tokens(tokens + (try await self.tokens(of: partial, model: model, client: client)))
        case .text(let text): prompt.prompt = .text(text + partial.text)
        case .texts, .tokenLists: break
        }
        let (source, _) = try await sendCompletion(call.plan.nextRound, prompt, model: model, client: client, recorder: recorder)
        return Rest(source: source, tokenCount: count)
    }

    /// How many tokens a round has had that broke off, where the server has told them, or has to be asked since their number is limited: by
    /// a guess, the answer would be longer or shorter than the whole one.
    private func tokenCountOfBrokenRound(
        _ partial: PartialAnswer, of plan: CallPlan, model: String, client: LimitedClient
    ) async throws(ProviderError) -> Int? {
        guard partial.hasBrokenOff else { return nil }
        if let count = partial.tokenCountOfRound { return count }
        guard plan.options.sampling.maxTokens != nil || plan.options.sampling.minTokens != nil else { return nil }
        let request = TokenizeRequest(model: model, .prompt(partial.textOfRound, addSpecialTokens: false))
        return try await asking(client) { client throws(VLLMError) in try await client.tokenize(request).count }
    }

    /// The tokens of an answer: those that the server told (vLLM 0.10.2 and later), or else those of its text.
    private func tokens(of partial: PartialAnswer, model: String, client: LimitedClient) async throws(ProviderError) -> [Int] {
        if let tokens = partial.tokens { return tokens }
        return try await asking(client) { client throws(VLLMError) in
            try await client.tokenize(TokenizeRequest(model: model, .prompt(partial.text, addSpecialTokens: false))).tokens
        }
    }

    /// - Returns: the answer, and what could not be done as asked.
    private func sendChat(
        _ plan: CallPlan, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(ProviderError) -> (ChunkSource, [Degradation]) {
        let plan = try await fitted(plan, model: model, client: client, recorder: recorder)
        let source = try await asking(client) { client throws(VLLMError) in
            try await Self.ask(client, plan.chatRequest(model: model), streams: plan.options.streams, recorder)
        }
        return (source, plan.degradations)
    }

    @inline(never)
    private static func ask(
        _ client: VLLMClient, _ body: ChatCompletionRequest, streams: Bool, _ recorder: CallRecorder
    ) async throws(VLLMError) -> ChunkSource {
        try recorder.sent(path: ChatCompletionRequest.path, body: try body.json(streaming: streams))
        if streams { return ChunkSource(chat: try await client.streamChatCompletion(body)) }
        return ChunkSource(whole: AnswerPart(try await client.chatCompletion(body)))
    }

    /// - Returns: the answer, and what could not be done as asked.
    private func sendCompletion(
        _ plan: CallPlan, _ prompt: PromptRenderer.Prompt, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(ProviderError) -> (ChunkSource, [Degradation]) {
        let plan = try await fitted(plan, prompt, model: model, client: client, recorder: recorder)
        let source = try await asking(client) { client throws(VLLMError) in
            let body = plan.completionRequest(model: model, prompt: prompt)
            return try await Self.ask(client, body, streams: plan.options.streams, recorder)
        }
        return (source, plan.degradations)
    }

    @inline(never)
    private static func ask(
        _ client: VLLMClient, _ body: CompletionRequest, streams: Bool, _ recorder: CallRecorder
    ) async throws(VLLMError) -> ChunkSource {
        try recorder.sent(path: CompletionRequest.path, body: try body.json(streaming: streams))
        if streams { return ChunkSource(completion: try await client.streamCompletion(body)) }
        return ChunkSource(whole: AnswerPart(try await client.completion(body)))
    }

    /// Runs a request with the time that is left.
    private func asking<Answer>(
        _ client: LimitedClient, _ ask: (VLLMClient) async throws(VLLMError) -> Answer
    ) async throws(ProviderError) -> Answer {
        do throws(VLLMError) {
            return try await ask(try client.next())
        } catch {
            throw ProviderError(error, settings: settings, limits: client.limits)
        }
    }
}
