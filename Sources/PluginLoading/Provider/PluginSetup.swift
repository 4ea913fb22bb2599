import Configuration
import JSON
import ProviderKit

/// How one entry of a mount plan sets a plugin up, and what of it a plugin's complaint is about.
struct PluginSetup {
    private let configuration: ConfigurationNode?
    private let path: String
    private let schema: ConfigurationSchema
    private let context: ProviderContext
    private let values: ConfigurationValues
    /// What is wrong by the schema.
    let issues: [ConfigurationIssue]

    init(configuration: ConfigurationNode?, path: String, schema: ConfigurationSchema?, context: ProviderContext) {
        self.configuration = configuration
        self.path = path
        let known = schema ?? ConfigurationSchema(name: path, fields: [])
        self.schema = known
        self.context = context
        let (values, issues) = known.resolve(configuration, environment: context.environment, path: path)
        self.values = values
        // Where no keys are known, none is unknown.
        self.issues = schema == nil ? [] : issues
    }

    /// The setup as the ABI has it.
    var json: JSONObject {
        var config = configuration.map { schema.json(of: $0) } ?? [:]
        // What the schema takes from environment variables counts, whether the plugin reads them itself or not.
        for field in schema.fields {
            if case .environment(_, nil)? = values.origin(of: field.key), let value = values[field.key] { config[field.key] = value }
        }
        var setup: JSONObject = ["config": .object(config), "path": .string(path)]
        setup["instance_id"] = context.instanceID.map { .string($0) }
        setup["session_id"] = context.sessionID.map { .string($0) }
        setup["environment"] = .object(JSONObject(context.environment.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
        return setup
    }

    /// The issues that an error lists, with the places in the plan's files that the plugin does not know; `nil` for other errors.
    func configurationError(_ error: ProviderError) -> ConfigurationError? {
        guard error.code == .configuration, let listed = error.details["issues"]?.array, !listed.isEmpty else { return nil }
        return ConfigurationError(listed.map(issue))
    }

    private func issue(_ json: JSONValue) -> ConfigurationIssue {
        let message = json["message"]?.string ?? "the plugin does not say what is wrong"
        let keyPath = json["key_path"]?.string ?? path
        var issue: ConfigurationIssue
        if keyPath.hasPrefix(path + ".") {
            let key = String(keyPath.dropFirst(path.count + 1))
            issue = values.issue(for: key, message, hint: json["hint"]?.string)
            let field = String(key.prefix { $0 != "." && $0 != "[" })
            if schema[field] == nil, let origin = configuration?[field]?.origin { issue.origin = origin }
        } else {
            issue = ConfigurationIssue(
                .error, .invalidValue, message, keyPath: keyPath, origin: configuration?.origin, hint: json["hint"]?.string)
        }
        if json["severity"] == "warning" { issue.severity = .warning }
        return issue
    }
}
