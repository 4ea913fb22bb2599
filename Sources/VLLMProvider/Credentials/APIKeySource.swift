/// What an API key is read from.
enum APIKeySource: Sendable, Hashable {
    /// A file that holds it; the path may begin with `~/`.
    case file(String)
    /// A program and its arguments; the key is the first line that it prints.
    case command([String])

    /// The key of the configuration that names it.
    var setting: String {
        switch self {
        case .file: "api_key_file"
        case .command: "api_key_command"
        }
    }
}
