import JSON
import ProviderKit
import VLLMClient

extension CallPlan {
    /// Asks chat where a completion cannot do what is asked, and says what neither can do.
    mutating func settleEndpoint() throws(ProviderError) {
        if endpoint == .completions, let reason = whyNotCompletions {
            endpoint = .chat
            degradations.append(Degradation(requested: "use_completions: true", actual: "use_completions: false", reason: reason))
        }
        switch endpoint {
        case .chat: try checkChat()
        case .completions: try checkCompletion()
        }
    }

    /// What a completion cannot carry or would silently ignore; `nil` where it can do all that is asked.
    private var whyNotCompletions: String? {
        if holdsMedia { return "a completion's prompt holds text alone" }
        let hasShape = options.sampling.responseFormat != nil || options.sampling.structuredOutputs != nil
        if hasShape || Self.shapeFields.contains(where: { options.extraBody[$0].map { !$0.isNull } ?? false }) {
            return "a completion's answer is not held to a shape while the model reasons"
        }
        if !tools.isEmpty, options.callsToolsInParallel == false { return "a completion cannot be held to one tool call" }
        if !dialect.rendersMessages, options.promptFormat == .template { return "only vLLM renders the prompt of a completion" }
        switch options.toolChoice {
        case .required?, .function?: return "a completion cannot be made to call a tool"
        case .auto?, .some(.none), nil: return nil
        }
    }

    private static let shapeFields = ["response_format", "structured_outputs"] + OlderConstraints.keys

    private mutating func checkChat() throws(ProviderError) {
        if options.isPromptFormatOfCall, options.promptFormat == .plain {
            degradations.append(
                Degradation(
                    requested: "prompt_format: plain", actual: "prompt_format: template", reason: "the server makes the prompt of a chat"))
        }
        guard options.suffix != nil else { return }
        throw ProviderError(
            .invalidRequest, "suffix: a chat has no text after its answer", hint: "leave suffix out, or set use_completions: true")
    }

    private mutating func checkCompletion() throws(ProviderError) {
        if options.echoes == true, parsesToolCalls {
            throw ProviderError(
                .invalidRequest, "echo: behind the prompt of a completion, its tool calls cannot be told from those of the answer",
                hint: "leave out echo or the tools, or set use_completions: false")
        }
        if options.echoes == true, options.handling.returnTokenIDs == true {
            options.echoes = nil
            degradations.append(
                Degradation(
                    requested: "echo: true", actual: "echo: false",
                    reason: "with return_token_ids the server leaves the prompt out of a completion's text"))
        }
        guard options.promptFormat == .plain else { return }
        if !tools.isEmpty {
            degradations.append(
                Degradation(
                    requested: "\(tools.count) tools", actual: "no tools",
                    reason: "a prompt in the format plain tells the model of no tools"))
        }
        degradations += [("name", "name"), ("reasoning", "thinking")].compactMap { lostInPlain($0, calling: $1) }
        if !options.templateKeys.isEmpty {
            let keys = options.templateKeys.joined(separator: ", ")
            degradations.append(
                Degradation(requested: keys, actual: "no \(keys)", reason: "a prompt in the format plain is made without a chat template"))
        }
    }

    /// What a plain prompt has no place for. The name of a tool's result is that of the call before it, which the prompt has.
    private func lostInPlain(_ member: String, calling what: String) -> Degradation? {
        let places = zip(conversation, messages).filter { $0.role != .tool && $1[member] != nil }.map { "messages[\($0.0.messageIndex)]" }
        guard !places.isEmpty else { return nil }
        return Degradation(
            requested: "\(what) of \(places.joined(separator: ", "))", actual: "left out",
            reason: "a prompt in the format plain has no place for it")
    }
}
