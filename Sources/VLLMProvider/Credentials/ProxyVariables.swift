import Redaction

/// The environment variables by which curl, and so this provider, finds a proxy where the configuration names none.
enum ProxyVariables {
    private static let names = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]

    /// The passwords in them.
    static func secrets(_ environment: [String: String]) -> [String] {
        names.compactMap { environment[$0] }.flatMap { Redactor.secrets(inURL: $0) }
    }
}
