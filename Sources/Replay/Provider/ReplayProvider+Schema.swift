public import Configuration
import JSON

extension ReplayProvider {
    /// The module's name in a mount plan.
    public static let moduleName = "provider-replay"

    /// Every key of the provider's configuration.
    public static let schema = ConfigurationSchema(
        name: moduleName,
        fields: [
            ConfigurationField(
                "log", .string, requiredMessage: "a provider that replays needs the log that it answers from",
                documentation:
                    "The log to answer from: an `events.jsonl`, the folder of a session, or, where nothing is recorded, a session's id."),
            ConfigurationField(
                "record_mode", .choice(RecordMode.allCases.map(\.rawValue)), default: "none",
                documentation: """
                    When `provider` is asked and its answer added to the log: none never, once where there is no log yet, new for what the \
                    log does not have, all always, in the place of what the log has.
                    """),
            ConfigurationField(
                "provider", .object,
                documentation: "The provider to ask where a record mode asks one: `module` and `config`, as in `providers`."),
            ConfigurationField(
                "match", .choice(RequestMatch.allCases.map(\.rawValue)), default: "strict",
                documentation: """
                    Which recorded request is the same: strict with the same conversation, tools, model and settings, loose with the same \
                    texts and results of tools.
                    """),
            ConfigurationField(
                "timing", .choice(["none", "recorded"]), default: "none",
                documentation: "Whether answers take the time that they took when they were recorded."),
            ConfigurationField(
                "repeat", .bool, default: true,
                documentation: "Whether the last recorded answer to a request is given again when all were given; else it is not recorded."),
            ConfigurationField(
                "priority", .int, default: 100, documentation: "Which provider a session takes when it has several: the lowest number wins."
            ),
        ])
}
