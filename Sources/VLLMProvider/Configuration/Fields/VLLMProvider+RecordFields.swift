import Configuration
import JSON

extension VLLMProvider {
    /// What is recorded of calls.
    static let recordFields = [
        ConfigurationField("debug", .bool, default: false, documentation: "Records requests and answers, long texts cut."),
        ConfigurationField(
            "raw_debug", .bool, default: false,
            documentation: """
                With debug: also records them whole, with what went over the wire, as replays need it. Secrets are masked; what is \
                only spelled like one and comes in pieces of a stream stays in the body of llm:exchange:raw.
                """),
        ConfigurationField(
            "debug_truncate_length", .int, default: 180, range: .atLeast(0),
            documentation: "Where texts are cut in debug records, in characters."),
    ]
}
