/// What the configuration says of a server's dialect (`dialect`).
enum DialectSetting: Sendable, Hashable {
    /// The server is asked for its version, when that matters.
    case auto
    /// This one.
    case fixed(Dialect)

    /// Reads `auto`, `openai` or a version of vLLM; `nil` for anything else.
    init?(_ text: String) {
        switch text.lowercased() {
        case "auto": self = .auto
        case "openai": self = .fixed(.openAI)
        default:
            guard let version = ServerVersion(text) else { return nil }
            self = .fixed(.vllm(version))
        }
    }

    /// The dialect as far as it is known without the server.
    var assumed: Dialect {
        switch self {
        case .auto: .vllm(nil)
        case .fixed(let dialect): dialect
        }
    }
}
