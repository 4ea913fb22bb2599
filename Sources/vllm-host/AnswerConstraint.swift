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

    private static func checkThatOneIsGiven(_ command: ParsedCommand) throws {
        var given = ["schema", "regex", "choice", "structured-outputs", "response-format"].filter(command.flag).map { "`--\($0)`" }
        if !given.isEmpty {
            let settings = try command.values("set").map { try ConfigurationOverride(parsing: $0) }.filter(setsForm)
            // Of two values for one key the later one counts, as everywhere.
            let keys = settings.compactMap(\.keys.first).filter { !given.contains("`--\($0.replacing("_", with: "-"))`") }
            given += keys.map { "`--set \($0)`" }
        }
        guard given.count > 1 else { return }
        throw command.usageError("\(given.joined(separator: " and ")) exclude each other")
    }

    /// Whether a `--set` gives the answer a form, and not only says how `structured_outputs` is to be held to.
    private static func setsForm(_ setting: ConfigurationOverride) -> Bool {
        switch setting.keys.first {
        case "structured_outputs":
            setting.keys.count == 1 || ["json", "json_object", "regex", "choice", "grammar", "structural_tag"].contains(setting.keys[1])
        case "response_format", "guided_json", "guided_regex", "guided_choice", "guided_grammar": true
        default: false
        }
    }
}
