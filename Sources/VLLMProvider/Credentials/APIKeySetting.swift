import Configuration
import JSON

/// Where the API key is to come from.
enum APIKeySetting: Sendable, Hashable {
    /// It is in the configuration or the environment.
    case text(String)
    /// It is read when it is needed.
    case source(APIKeySource)

    /// Reads `api_key`, `api_key_file` and `api_key_command`, of which the schema lets at most one be set.
    /// - Throws: `ConfigurationError` for a command without a program.
    init(_ values: ConfigurationValues) throws(ConfigurationError) {
        if let path = values.string("api_key_file") {
            self = .source(.file(path))
        } else if let command = values["api_key_command"] {
            // A text is for a shell, as users write it for `git config credential.helper` and ssh's ProxyCommand.
            let words = command.string.map { ["/bin/sh", "-c", $0] } ?? values.strings("api_key_command") ?? []
            guard let program = words.first, !program.isEmpty else {
                throw ConfigurationError([
                    values.issue(for: "api_key_command", "names no program", hint: "such as [op, read, op://team/vllm/key]")
                ])
            }
            self = .source(.command(words))
        } else {
            self = .text(values.string("api_key") ?? "")
        }
    }

    /// The key, where it is known from the beginning.
    var text: String? { if case .text(let text) = self { text } else { nil } }

    /// What the key is read from, where it is not.
    var source: APIKeySource? { if case .source(let source) = self { source } else { nil } }
}
