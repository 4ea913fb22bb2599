import JSON
import VLLMClient

/// The options `guided_*`, in which vLLM before 0.12 was told the shape of an answer and which people still write. Later servers answer 200 and
/// ignore them.
enum OlderConstraints {
    private static let kinds = ["json", "regex", "choice", "grammar"]

    static let keys = kinds.map { "guided_\($0)" }

    /// The shape in today's words.
    static func read(_ key: String, _ value: JSONValue) throws(OptionProblem) -> StructuredOutputs {
        StructuredOutputs(try StructuredOutputs.constraint(String(key.dropFirst("guided_".count)), value, key: key))
    }
}
