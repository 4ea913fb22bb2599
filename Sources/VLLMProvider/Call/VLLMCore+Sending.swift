import JSON
import ProviderKit
import VLLMClient

extension VLLMCore {
    /// Sends what a call has planned; returns when the server has begun to answer.
    /// - Throws: `ProviderError`.
    func send(
        _ plan: CallPlan, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(ProviderError) -> (ChunkSource, AnswerReader) {
        switch plan.endpoint {
        case .chat: try await sendChat(plan, model: model, client: client, recorder: recorder)
        case .completions: try await sendCompletion(plan, model: model, client: client, recorder: recorder)
        }
    }

    private func sendChat(
        _ plan: CallPlan, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(ProviderError) -> (ChunkSource, AnswerReader) {
        let plan = try await fitted(plan, model: model, client: client, recorder: recorder)
        let body = plan.chatRequest(model: model)
        let reader = AnswerReader(
            model: model, markup: AnswerReader.Markup(omitsThinking: plan.omitsThinking), degradations: plan.degradations,
            pricing: settings.pricing, expectsLogprobs: plan.options.logprobs != nil)
        let source = try await asking(client) { client throws(VLLMError) in
            try recorder.sent(path: ChatCompletionRequest.path, body: try body.json(streaming: plan.options.streams))
            if plan.options.streams { return ChunkSource.chat(try await client.streamChatCompletion(body).makeAsyncIterator()) }
            return .whole(AnswerPart(try await client.chatCompletion(body)))
        }
        return (source, reader)
    }

    private func sendCompletion(
        _ plan: CallPlan, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(ProviderError) -> (ChunkSource, AnswerReader) {
        let prompt: PromptRenderer.Prompt
        do throws(VLLMError) {
            prompt = try await renderer.render(plan, model: model, client: client, recorder: recorder)
        } catch {
            throw ProviderError(error, settings: settings, timeout: client.timeout)
        }
        let plan = try await fitted(plan, prompt, model: model, client: client, recorder: recorder)
        let body = plan.completionRequest(model: model, prompt: prompt)
        let markup = AnswerReader.Markup(
            startsInThinking: prompt.startsInThinking, hasToolCalls: plan.parsesToolCalls, omitsThinking: plan.omitsThinking)
        let reader = AnswerReader(
            model: model, markup: markup, degradations: plan.degradations + (prompt.degradation.map { [$0] } ?? []),
            pricing: settings.pricing, expectsLogprobs: plan.options.logprobs != nil)
        let source = try await asking(client) { client throws(VLLMError) in
            try recorder.sent(path: CompletionRequest.path, body: try body.json(streaming: plan.options.streams))
            if plan.options.streams { return ChunkSource.completion(try await client.streamCompletion(body).makeAsyncIterator()) }
            return .whole(AnswerPart(try await client.completion(body)))
        }
        return (source, reader)
    }

    /// Runs a request with the time that is left.
    private func asking<Answer>(
        _ client: LimitedClient, _ ask: (VLLMClient) async throws(VLLMError) -> Answer
    ) async throws(ProviderError) -> Answer {
        do throws(VLLMError) {
            return try await ask(try client.next())
        } catch {
            throw ProviderError(error, settings: settings, timeout: client.timeout)
        }
    }
}
