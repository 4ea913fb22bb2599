import JSON
import VLLMClient

extension CallPlan {
    /// How the answer is to be continued where its length cuts it.
    var continuation: Continuation {
        Continuation(
            limit: options.continuation, obstacle: obstacleToContinuation, begun: begunAnswer, hasTools: !tools.isEmpty,
            repeatsBlanks: endpoint == .chat, hidesTokenIDs: options.handling.returnTokenIDs != true)
    }

    /// The plan with what its rounds need: a completion goes on behind the last token, so the server must tell the tokens.
    var prepared: CallPlan {
        guard options.continuation > 0, endpoint == .completions, obstacleToContinuation == nil,
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
