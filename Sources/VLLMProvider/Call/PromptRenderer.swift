import JSON
import Locks
import ProviderKit
import VLLMClient

/// Makes the prompt of a completion out of a conversation, by the model's own chat template on the server.
///
/// `/tokenize` renders messages to token ids, which `/v1/completions` takes; `/v1/chat/completions/render` would do it too, but
/// answers 403 unless the server runs with `--enable-scale-out` (vLLM 0.32).
final class PromptRenderer: Sendable {
    /// A prompt, and what is known of it.
    struct Prompt {
        var prompt: CompletionRequest.Prompt
        /// The prompt ends with an open `<think>`, as some models' templates have it.
        var startsInThinking = false
        /// How the template asks the model to write tool calls, where it says.
        var format: ToolCallFormat?
        /// The context window in tokens, as the server told it with the prompt.
        var contextWindow: Int?
        var degradation: Degradation?

        /// How many tokens are left for the answer, where that is known.
        var room: Int? {
            guard let contextWindow, case .tokens(let tokens) = prompt else { return nil }
            return max(contextWindow - tokens.count, 1)
        }
    }

    /// How many tokens at the end of a prompt are looked at for `<think>`.
    private static let tailLength = 6
    private let endings = Guarded<[Ending: Bool]>([:])
    let formats = Guarded<[Toolset: ToolCallFormat?]>([:])

    private struct Ending: Hashable {
        var model: String
        var tokens: [Int]
    }

    /// The prompt of a call.
    /// - Throws: `VLLMError`, when the server fails otherwise than by not knowing how to render.
    func render(_ plan: CallPlan, model: String, client: LimitedClient, recorder: CallRecorder) async throws(VLLMError) -> Prompt {
        guard plan.options.promptFormat == .template else { return Prompt(prompt: .text(PlainPrompt.render(plan.conversation))) }
        let request = Self.request(plan, model: model)
        try recorder.sent(path: TokenizeRequest.path, body: request.json)
        let rendered: Tokenization
        do throws(VLLMError) {
            rendered = try await client.next().tokenize(request)
        } catch {
            // Another prompt than the one that was asked for must not be answered as if it were that.
            guard Self.cannotRender(error), !request.hasOwnTemplate else { throw error }
            let tools = plan.tools.isEmpty ? "" : ", without tools"
            return Prompt(
                prompt: .text(PlainPrompt.render(plan.conversation)),
                degradation: Degradation(
                    requested: "prompt_format: template", actual: "prompt_format: plain\(tools)",
                    reason: "the server cannot render messages: \(error.message)"))
        }
        return Prompt(
            prompt: .tokens(rendered.tokens), startsInThinking: try await endsInThinking(rendered.tokens, model: model, client: client),
            format: plan.searchesFormat ? try await format(rendered.tokens, tools: plan.tools, model: model, client: client) : nil,
            contextWindow: rendered.contextWindow)
    }

    /// What the server is asked for the token ids of a conversation.
    static func request(_ plan: CallPlan, model: String?) -> TokenizeRequest {
        TokenizeRequest(model: model, .messages(plan.messages, tools: plan.tools, template: plan.rendering))
    }

    /// Whether a failure says that the server knows no `/tokenize` or has no chat template, and not that something is wrong.
    ///
    /// Other failures speak of templates, too: a request's own template that the server does not trust, an empty conversation.
    static func cannotRender(_ error: VLLMError) -> Bool {
        // A gateway before a server that is starting knows nothing of it.
        guard GatewayPage(error) == nil else { return false }
        return switch error.status {
        case 404: error.param != "model" && !error.message.contains("does not exist")
        case 405, 501: true
        case 400: noTemplate.contains { error.message.contains($0) }
        default: false
        }
    }

    /// How a server says that its model has no chat template: vLLM (0.8.5 to 0.32), and transformers, on which it relies.
    private static let noTemplate = [
        "default chat template is no longer allowed", "must provide a chat template", "chat_template is not set",
    ]

    /// Whether the prompt ends inside the model's thoughts. A template ends all its prompts alike, so the server is asked once for each
    /// ending; one that cannot tell is taken to end as most do, before them.
    private func endsInThinking(_ tokens: [Int], model: String, client: LimitedClient) async throws(VLLMError) -> Bool {
        let ending = Ending(model: model, tokens: Array(tokens.suffix(Self.tailLength)))
        if let known = endings.withLock({ $0[ending] }) { return known }
        let text = try await text(of: ending.tokens, model: model, client: client) ?? ""
        let endsInThinking = text.split(whereSeparator: \.isWhitespace).last?.hasSuffix("<think>") ?? false
        endings.withLock { endings in
            // A template that ends in the date must not fill the memory.
            if endings.count >= 64 { endings.removeAll() }
            endings[ending] = endsInThinking
        }
        return endsInThinking
    }
}

extension TokenizeRequest {
    /// The request brings a chat template, in place of the model's: vLLM takes one under two names.
    fileprivate var hasOwnTemplate: Bool {
        let body = json
        return body["chat_template"] != nil || body["chat_template_kwargs"]?["chat_template"].map { !$0.isNull } ?? false
    }
}
