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
                documentation: "Events that are not logged; * stands for any text. [] logs all."),
            ConfigurationField(
                "durability", .choice(SessionLogOptions.Durability.allCases.map(\.rawValue)), default: "flush",
                documentation: """
                    What a crash can cost. none: records are gathered for a second, which a killed process loses. flush: they are \
                    written at once; a machine that loses power loses what the system had not put on the disk yet. fsync: each write \
                    waits for the disk.
                    """),
            size("queue_size", "64MiB", "Records that may wait for the disk, at most; more are dropped, counted, and told by log:dropped."),
            size(
                "rotate_size", "128MiB", "From this size on the log is put aside as events.000001.jsonl, and a new one begun; 0 is never."),
            ConfigurationField(
                "rotate_age", .seconds, default: 0, range: .atLeast(0),
                documentation: "So does a log whose first record is older; 0 is never."),
            ConfigurationField("compress", .bool, default: true, documentation: "Compress what is put aside, with zstd."),
            ConfigurationField(
                "retention_count", .int, default: 0, range: .atLeast(0),
                documentation: "How many parts of a session's log that were put aside are kept, the newest; 0 is all."),
            size("retention_size", 0, "How many bytes of them; 0 is all."),
            ConfigurationField(
                "retention_age", .seconds, default: 0, range: .atLeast(0), documentation: "How long each of them is kept; 0 is for ever."),
        ])

    private static func size(_ key: String, _ usual: JSONValue, _ documentation: String) -> ConfigurationField {
        ConfigurationField(
            key, .oneOf([.int, .string]), default: usual, range: .atLeast(0),
            documentation: documentation + " In bytes, or with a unit: 64MiB.")
    }

    /// How the log is written.
    /// - Throws: `ConfigurationError` for a setting that it does not take.
    static func settings(_ hook: ModuleSpec) throws(ConfigurationError) -> LogSettings {
        let (values, issues) = schema.resolve(hook.config, path: "\(hook.path).config")
        guard !issues.hasErrors else { throw ConfigurationError(issues) }
        return try LogSettings(values)
    }
}
