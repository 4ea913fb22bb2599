import ArgumentParsing
import Configuration
import JSON
import ProviderKit

/// The form that the command line wants the answer to have: `--schema`, `--regex` or `--choice`.
enum AnswerConstraint {
    /// The response format of `--schema`; `nil` where it is not given.
    /// - Throws: `UsageError` where several forms are given, `InputError` for a file that holds no schema.
    static func responseFormat(_ command: ParsedCommand) throws -> ResponseFormat? {
        try checkThatOneIsGiven(command)
        guard let file = command.value("schema") else { return nil }
        let json = try InputFile.json(file)
        guard let schema = json.object else {
            throw InputError(message: "\(file): a JSON Schema is an object, not \(json.kind == "array" ? "an" : "a") \(json.kind)")
        }
        return .jsonSchema(schema: schema, strict: true)
    }

    /// The setting of the provider's configuration for `--regex` and `--choice`; `nil` where neither is given.
    static func override(_ command: ParsedCommand) -> ConfigurationOverride? {
        let constraint: JSONValue
        let option: String
        if let pattern = command.value("regex") {
            (constraint, option) = (["regex": .string(pattern)], "--regex")
        } else if !command.values("choice").isEmpty {
            (constraint, option) = (["choice": .array(command.values("choice").map { .string($0) })], "--choice")
        } else {
            return nil
        }
        let node = ConfigurationNode(json: constraint, origin: .commandLine(option: option))
        return ConfigurationOverride(keys: ["structured_outputs"], value: node.value, option: option)
    }

    private static func checkThatOneIsGiven(_ command: ParsedCommand) throws(UsageError) {
        let given = ["schema", "regex", "choice", "structured-outputs", "response-format"].filter(command.flag)
        guard given.count > 1 else { return }
        throw command.usageError("\(given.map { "`--\($0)`" }.joined(separator: " and ")) exclude each other")
    }
}
