/// Which names OpenTelemetry's spans and metrics of language models have.
public enum SemanticConventions: Sendable {
    /// Those of version 1.41 of the semantic conventions, which libraries and backends use today.
    case v141
    /// Those of the repository that the conventions for generative AI have moved to since, which are in development.
    case genAILatest

    /// What the user has chosen by `OTEL_SEMCONV_STABILITY_OPT_IN`, a list with commas in between: `gen_ai_latest_experimental` are the new
    /// names, and without it the old ones.
    public init(optIn: String?) {
        let names = (optIn ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        self = names.contains("gen_ai_latest_experimental") ? .genAILatest : .v141
    }

    /// The schema that the names are of; empty where there is none that has a number.
    var schemaURL: String { self == .v141 ? "https://opentelemetry.io/schemas/1.41.0" : "" }

    var cacheWriteTokens: String {
        self == .v141 ? "gen_ai.usage.cache_creation.input_tokens" : "gen_ai.usage.cache_write.input_tokens"
    }

    var duration: String { self == .v141 ? "gen_ai.client.operation.duration" : "gen_ai.client.inference.duration" }

    var timeToFirstChunk: String {
        self == .v141 ? "gen_ai.client.operation.time_to_first_chunk" : "gen_ai.client.inference.time_to_first_chunk"
    }

    var timePerOutputChunk: String {
        self == .v141 ? "gen_ai.client.operation.time_per_output_chunk" : "gen_ai.client.inference.time_per_output_chunk"
    }
}
