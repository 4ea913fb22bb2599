import JSON
import VLLMClient

extension CallPlan {
    /// How the answer is to be continued where its length cuts it.
    var continuation: Continuation {
        Continuation(
            limit: options.continuation, obstacle: obstacleToContinuation, begun: begunAnswer, hasTools: !tools.isEmpty,
            repeatsBlanks: !prepared.goesOnByTokens, hidesTokenIDs: options.handling.returnTokenIDs != true, resuming: resuming)
    }

    /// The next round of a completion goes on behind the last token; otherwise it goes on behind the text, without white space at its end.
    private var goesOnByTokens: Bool { endpoint == .completions && options.handling.returnTokenIDs == true && !looksForStops }

    /// The server holds text back that may be the beginning of a stop text, and tells its tokens all the same.
    private var looksForStops: Bool { options.sampling.stop?.isEmpty == false }

    /// The plan with what its rounds need: a completion goes on behind the last token, so the server must tell the tokens.
    var prepared: CallPlan {
        guard options.continuation > 0, endpoint == .completions, obstacleToContinuation == nil, !looksForStops,
            dialect.has("return_token_ids", in: .completions)
        else { return self }
        var plan = self
        plan.options.handling.returnTokenIDs = true
        return plan
    }

    /// Why a cut answer cannot be continued.
    private var obstacleToContinuation: String? {
        if options.sampling.n ?? 1 > 1 { return "several answers are not continued" }
        if options.suffix != nil { return "an answer before a suffix is not continued" }
        let hasShape = options.sampling.structuredOutputs != nil || options.olderConstraint != nil
        if hasShape || options.sampling.responseFormat.map({ $0 != .text }) ?? false {
            return "an answer that is held to a shape is not continued"
        }
        guard endpoint == .chat else { return options.echoes == true ? "an answer behind its prompt (echo) is not continued" : nil }
        switch options.toolChoice {
        case .required?, .function?: return "a tool call is not continued"
        case .auto?, .some(.none), nil: break
        }
        return dialect == .openAI ? "the dialect openai cannot continue a message" : nil
    }

    private var resuming: Continuation.Resuming {
        guard options.retries.resumesStreams, options.retries.limit > 0, options.streams else { return .off }
        if let obstacle = obstacleToResuming { return .impossible(obstacle) }
        return .possible(stops: options.sampling.stop ?? [])
    }

    /// Why a stream that breaks off cannot go on as the same answer.
    private var obstacleToResuming: String? {
        if let obstacleToContinuation { return obstacleToContinuation }
        if options.sampling.truncatePromptTokens != nil { return "a prompt that the server cuts would be cut elsewhere" }
        if endpoint == .chat, options.includesReasoning == false, !needsReasoning {
            return "the reasoning that the server keeps to itself cannot be given back to it"
        }
        if looksForStops, options.logprobs != nil || options.handling.returnTokenIDs == true {
            return "with stop texts, the server tells tokens before their text"
        }
        return options.memoryOfAnswer ?? options.unknownField
    }

    /// The plan for what is left of a round that broke off, of which so many tokens are there.
    /// - Returns: `nil`, where nothing is left.
    func shortened(by count: Int) -> CallPlan? {
        var plan = self
        plan.options.sampling.minTokens = options.sampling.minTokens.map { max($0 - count, 0) }
        guard let most = options.sampling.maxTokens else { return plan }
        guard count < most else { return nil }
        plan.options.sampling.maxTokens = most - count
        return plan
    }

    /// The plan of the next round of a chat.
    func continued(behind partial: PartialAnswer) -> CallPlan {
        var plan = nextRound
        if begunMessage != nil { plan.messages.removeLast() }
        plan.messages.append(partial.message(goingOnWith: begunMessage))
        plan.options.template.continueFinalMessage = true
        plan.options.template.addGenerationPrompt = false
        return plan
    }

    /// The plan without what only the first round may do.
    var nextRound: CallPlan {
        var plan = self
        plan.options.echoes = nil
        plan.options.sampling.promptLogprobs = nil
        return plan
    }
}
