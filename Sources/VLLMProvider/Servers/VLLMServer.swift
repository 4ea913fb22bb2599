import VLLMClient

/// One of the servers of a provider, and what was found out about it: servers may differ in version and models.
final class VLLMServer: Sendable {
    let baseURL: BaseURL
    let models: ModelDirectory
    let dialects = DialectDirectory()
    let renderer = PromptRenderer()

    /// - Parameter settings: those of the provider, bound to this server.
    init(_ settings: VLLMSettings) {
        baseURL = settings.baseURL
        models = ModelDirectory(settings: settings)
    }

    /// Whether the server has told its models, and this is none of them.
    func lacks(_ model: String) -> Bool {
        models.known.map { known in !known.contains { $0.id == model } } ?? false
    }
}
