import Configuration
import JSON

/// What is configured of a provider that replays.
struct ReplaySettings: Sendable {
    /// The path of the log.
    let log: String
    let recordMode: RecordMode
    let match: RequestMatch
    let keepsTime: Bool
    let repeats: Bool
    let priority: Int
    /// The provider to ask, where one is given.
    let provider: ModuleSpec?

    /// - Throws: `ConfigurationError` with everything that is wrong.
    init(_ configuration: ConfigurationNode?, path: String, environment: [String: String]) throws(ConfigurationError) {
        var (values, issues) = ReplayProvider.schema.resolve(configuration, environment: environment, path: path)
        recordMode = values.string("record_mode").flatMap(RecordMode.init) ?? .none
        let name = values.string("log") ?? ""
        log = recordMode == .none ? LogPath.find(name, environment: environment) : LogPath.file(name)
        match = values.string("match").flatMap(RequestMatch.init) ?? .strict
        keepsTime = values.string("timing") == "recorded"
        repeats = values.bool("repeat") ?? true
        priority = values.int("priority") ?? 100
        provider = Self.provider(configuration?["provider"], values, &issues)
        if recordMode != .none, values["provider"] == nil {
            issues.append(
                values.issue(
                    for: "provider", "record_mode \(recordMode.rawValue) needs a provider to ask",
                    hint: "such as provider: {module: provider-vllm, config: {…}}"))
        }
        guard !issues.hasErrors else { throw ConfigurationError(issues) }
    }

    private static func provider(
        _ node: ConfigurationNode?, _ values: ConfigurationValues, _ issues: inout [ConfigurationIssue]
    ) -> ModuleSpec? {
        guard let node, !node.isUnset, node.mapping != nil else { return nil }
        let path = values.keyPath(of: "provider")
        guard let module = node["module"]?.string, !module.isEmpty else {
            issues.append(values.issue(for: "provider", "it names no module", hint: "such as module: provider-vllm"))
            return nil
        }
        return ModuleSpec(module: module, config: node["config"], origin: node.origin, path: path)
    }
}
