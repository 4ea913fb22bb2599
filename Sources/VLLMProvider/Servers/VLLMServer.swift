import VLLMClient

/// One of the servers of a provider, and what was found out about it: servers may differ in version and models.
final class VLLMServer: Sendable {
    /// Those of the provider, bound to this server. They are many, so whoever holds a server need not hold a copy of them.
    let settings: VLLMSettings
    let models: ModelDirectory
    let dialects = DialectDirectory()
    let renderer = PromptRenderer()

    /// - Parameter settings: those of the provider, bound to this server.
    init(_ settings: VLLMSettings) {
        self.settings = settings
        models = ModelDirectory(settings: settings)
    }

    var baseURL: BaseURL { settings.baseURL }

    /// Whether the server has told its models, and this is none of them.
    func lacks(_ model: String) -> Bool {
        models.known.map { known in !known.contains { $0.id == model } } ?? false
    }
}
