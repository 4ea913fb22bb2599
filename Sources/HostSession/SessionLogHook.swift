import Configuration
import JSON
import SessionLog

/// The host's own log as a module that mount plans may configure, under the name of Amplifier's.
enum SessionLogHook {
    static let moduleName = "hooks-logging"

    static let schema = ConfigurationSchema(
        name: moduleName,
        fields: [
            ConfigurationField(
                "exclude_events", .stringList, default: ["llm:stream_*delta"],
                documentation: "Events that are not logged; * stands for any text. [] logs all.")
        ])

    /// Which events the log leaves out.
    /// - Throws: `ConfigurationError` for a setting that it does not take.
    static func filter(_ hook: ModuleSpec) throws(ConfigurationError) -> EventFilter {
        let (values, issues) = schema.resolve(hook.config, path: "\(hook.path).config")
        guard !issues.hasErrors else { throw ConfigurationError(issues) }
        return EventFilter(exclude: values.strings("exclude_events") ?? [])
    }
}
