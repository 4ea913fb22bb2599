import JSON
import VLLMClient

extension VLLMCore {
    /// Sends what a call has planned; returns when the server has begun to answer.
    /// - Throws: `VLLMError`.
    func send(
        _ plan: CallPlan, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(VLLMError) -> (ChunkSource, AnswerReader) {
        switch plan.endpoint {
        case .chat: try await sendChat(plan, model: model, client: try client.next(), recorder: recorder)
        case .completions: try await sendCompletion(plan, model: model, client: client, recorder: recorder)
        }
    }

    private func sendChat(
        _ plan: CallPlan, model: String, client: VLLMClient, recorder: CallRecorder
    ) async throws(VLLMError) -> (ChunkSource, AnswerReader) {
        let body = plan.chatRequest(model: model)
        try recorder.sent(path: ChatCompletionRequest.path, body: try body.json(streaming: plan.options.streams))
        let reader = AnswerReader(
            model: model, markup: AnswerReader.Markup(omitsThinking: plan.omitsThinking), degradations: plan.degradations)
        if plan.options.streams { return (.chat(try await client.streamChatCompletion(body).makeAsyncIterator()), reader) }
        return (.whole(AnswerPart(try await client.chatCompletion(body))), reader)
    }

    private func sendCompletion(
        _ plan: CallPlan, model: String, client: LimitedClient, recorder: CallRecorder
    ) async throws(VLLMError) -> (ChunkSource, AnswerReader) {
        let prompt = try await renderer.render(plan, model: model, client: client, recorder: recorder)
        let body = plan.completionRequest(model: model, prompt: prompt)
        try recorder.sent(path: CompletionRequest.path, body: try body.json(streaming: plan.options.streams))
        let markup = AnswerReader.Markup(
            startsInThinking: prompt.startsInThinking, hasToolCalls: plan.parsesToolCalls, omitsThinking: plan.omitsThinking)
        let reader = AnswerReader(model: model, markup: markup, degradations: plan.degradations + (prompt.degradation.map { [$0] } ?? []))
        if plan.options.streams { return (.completion(try await client.next().streamCompletion(body).makeAsyncIterator()), reader) }
        return (.whole(AnswerPart(try await client.next().completion(body))), reader)
    }
}
