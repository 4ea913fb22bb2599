import ProviderKit

/// In whose words a server is asked: which fields its requests may have, and how they are spelled.
enum Dialect: Sendable, Hashable {
    /// A vLLM server of some version; `nil` stands for the newest, where the server does not tell.
    case vllm(ServerVersion?)
    /// Another server with OpenAI's API: none but OpenAI's fields.
    case openAI

    /// Where a request goes.
    enum Target: String {
        case chat = "/v1/chat/completions"
        case completions = "/v1/completions"
        case tokenize = "/tokenize"

        var fields: RequestFields {
            switch self {
            case .chat: .chat
            case .completions: .completions
            case .tokenize: .tokenize
            }
        }
    }

    /// Whether some version of vLLM has a field and another one has not.
    static func depends(on field: String, of target: Target) -> Bool { target.fields[field].map { $0 != .all } ?? false }

    /// Whether requests may have a field. One that no version is known to have passes: it may be newer than this module.
    func has(_ field: String, in target: Target) -> Bool {
        switch self {
        case .vllm(let version): target.fields[field]?.contains(version) ?? true
        case .openAI: (target == .chat ? RequestFields.openAIChat : RequestFields.openAICompletions).contains(field)
        }
    }

    /// Whether the server renders messages (`/tokenize`).
    var rendersMessages: Bool { self != .openAI }

    /// How `max_tokens` of a chat is spelled; OpenAI's newer models refuse the older spelling, which vLLM deprecates but always takes.
    var usesMaxCompletionTokens: Bool { self == .openAI }

    /// Why a field cannot be sent: the server would ignore it and answer as if nothing were wrong.
    /// - Parameters:
    ///   - field: the field as the server spells it.
    ///   - option: the option that set it.
    func refusal(of field: String, in target: Target, option: String) -> ProviderError {
        switch self {
        case .openAI:
            return ProviderError(
                .invalidRequest, "\(option) is vLLM's own: the dialect openai has no such field of \(target.rawValue)",
                hint: "leave \(option) out, or put it into extra_body if the server knows it")
        case .vllm(let version):
            let name = version.map { "vLLM \($0)" } ?? "this vLLM"
            let place = target == .chat ? "" : " in \(target.rawValue)"
            let span = target.fields[field] ?? .all
            let hint =
                if OlderConstraints.keys.contains(field) {
                    "write structured_outputs with \(field.dropFirst("guided_".count)) in place of it"
                } else if target == .completions, has(field, in: .chat) {
                    "leave it out, or set use_completions: false: \(Target.chat.rawValue) has it"
                } else {
                    "leave it out"
                }
            return ProviderError(.invalidRequest, "\(name) has no \(option)\(place) (\(span.phrase))", hint: hint)
        }
    }
}
