import JSON
import ProviderKit
import VLLMClient

extension CallPlan {
    /// Whether the server's version decides on what is sent, and is not known. That `/tokenize` takes tools, since 0.9, is taken for granted.
    var needsVersion: Bool {
        options.dialect == .auto && fields.contains { $0.name != "tools" && Dialect.depends(on: $0.name, of: $0.target) }
    }

    /// Asks the server in these words.
    /// - Throws: `ProviderError` with the code `invalidRequest`, for an option that the server does not know and would ignore.
    @inline(never)
    mutating func speak(_ dialect: Dialect) throws(ProviderError) {
        self.dialect = dialect
        if usesOlderConstraints, let shape = options.sampling.structuredOutputs,
            shape.disableAnyWhitespace ?? shape.disableAdditionalProperties ?? false
        {
            let flag = shape.disableAnyWhitespace == true ? "disable_any_whitespace" : "disable_additional_properties"
            throw dialect.refusal(of: "structured_outputs", in: .chat, option: "structured_outputs.\(flag)")
        }
        for field in fields where !dialect.has(field.name, in: field.target) {
            throw dialect.refusal(of: field.name, in: field.target, option: option(of: field.name))
        }
    }

    /// The server knows shapes only in older words.
    var usesOlderConstraints: Bool { !dialect.has("structured_outputs", in: .chat) && dialect.has("guided_json", in: .chat) }

    /// A field that the options set, and where.
    private struct Field {
        var name: String
        var target: Dialect.Target
    }

    private var fields: [Field] {
        let target: Dialect.Target
        var names: [String]
        var rendered: [String] = []
        switch endpoint {
        case .chat:
            var body = chatRequest(model: nil)
            // Only the names of members count.
            (body.messages, body.extra) = ([], [:])
            target = .chat
            // A number that JSON cannot say is found when the request is sent.
            names = (try? body.json(streaming: options.streams).keys) ?? []
        case .completions:
            var body = completionRequest(model: nil, prompt: PromptRenderer.Prompt(prompt: .tokens([])))
            body.extra = [:]
            target = .completions
            names = (try? body.json(streaming: options.streams).keys) ?? []
            if options.promptFormat == .template { rendered = PromptRenderer.request(self, model: nil).json.keys }
        }
        if let older = options.olderConstraint { names.append(older) }
        if dialect != .openAI { names += options.extraBody.filter { !$0.value.isNull }.map(\.key) }
        return names.map { Field(name: $0, target: target) } + rendered.map { Field(name: $0, target: .tokenize) }
    }

    /// The option that sets a field.
    private func option(of field: String) -> String {
        switch field {
        case "priority" where options.extraBody[field] == nil: "request_priority"
        case "structured_outputs": options.olderConstraint ?? field
        case "chat_template_kwargs" where !options.templateKeys.contains(field): "enable_thinking"
        default: field
        }
    }
}
