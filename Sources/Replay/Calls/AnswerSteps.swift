import JSON
import ProviderKit

/// A part of an answer that is given out at one time.
struct AnswerStep: Sendable {
    /// When it is due, from the beginning of the call.
    var offset: Duration
    var events: [ProviderEvent]
}

extension ChatResponse {
    /// The answer as the events that it was gathered from: gathering them gives it again.
    /// - Parameters:
    ///   - model: who answers.
    ///   - isComplete: whether the answer came to its end; the last block of another one is left open.
    ///   - pacing: how its text came.
    func steps(model: String, isComplete: Bool, pacing: AnswerPacing) -> [AnswerStep] {
        var steps: [AnswerStep] = []
        var now = Duration.zero
        func add(_ event: ProviderEvent, at offset: Duration? = nil) {
            // Blocks of several answers came at the same time, and come one after another here.
            now = max(now, offset ?? now)
            if steps.last?.offset == now {
                steps[steps.count - 1].events.append(event)
            } else {
                steps.append(AnswerStep(offset: now, events: [event]))
            }
        }
        add(.started(ResponseStart(id: metadata?["vllm:response_id"]?.string, model: model)))
        if promptTokenIDs != nil || promptLogprobs != nil {
            add(.promptTokens(PromptTokens(ids: promptTokenIDs, logprobs: promptLogprobs)))
        }
        for (index, block) in content.enumerated() {
            let pieces = pacing.pieces(of: block.text ?? block.thinking ?? "", block: index)
            add(.blockStarted(BlockStart(index: index, kind: block.kind, choice: block.choice)), at: pieces.first?.offset)
            for piece in pieces { add(.blockDelta(index: index, text: piece.text), at: piece.offset) }
            if case .toolCall(let call) = block, !call.input.isEmpty { add(.blockDelta(index: index, text: "\(call.input)")) }
            let isOpen = !isComplete && index == content.count - 1 && block.toolCall == nil
            if !isOpen { add(.blockEnded(index: index, block: block)) }
        }
        if let logprobs { add(.logprobs(logprobs)) }
        for (choice, ids) in (tokenIDs ?? []).enumerated() { add(.tokenIDs(choice: choice, ids: ids)) }
        if let usage { add(.usage(usage), at: isComplete ? pacing.end : nil) }
        if isComplete {
            let finish = ResponseFinish(reason: finishReason, degradation: degradation, metadata: metadata ?? [:])
            add(.finished(finish), at: pacing.end)
        }
        return steps
    }
}

extension ContentBlock {
    fileprivate var kind: BlockStart.Kind {
        switch self {
        case .thinking, .redactedThinking, .reasoning: .thinking
        case .toolCall(let call): .toolCall(id: call.id, name: call.name)
        default: .text
        }
    }
}
