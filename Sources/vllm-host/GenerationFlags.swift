import ArgumentParsing
import Configuration
import JSON
import VLLMProvider

/// The options that set how answers are generated, made from the provider's own keys, so that a new key is an option, too:
/// `--top-k 20` is `--set top_k=20`.
enum GenerationFlags {
    /// The sections of the provider's keys that become options.
    private static let titles = [
        "Sampling", "The shape of the answer", "Prompt and reasoning", "Markup in the answer", "The request", "Limits",
    ]
    /// The section of the options for what a call may set of the other sections.
    private static let callTitle = "The request"
    /// Keys with an option of another name or kind.
    private static let written: Set<String> = [
        "logprobs", "enable_thinking", "tool_choice", "use_completions", "use_streaming", "guided_json", "guided_regex", "guided_choice",
        "guided_grammar",
    ]
    private static let shortNames = ["temperature": "-t", "n": "-n"]

    private static let sections = titles.compactMap { title -> (title: String, fields: [ConfigurationField])? in
        guard var section = VLLMProvider.schemaSections.first(where: { $0.title == title }) else { return nil }
        if title == callTitle {
            let others = VLLMProvider.schemaSections.filter { !titles.contains($0.title) }.flatMap(\.fields)
            section.fields += others.filter { VLLMProvider.callOptionKeys.contains($0.key) }
        }
        return section
    }

    /// The fields that a call may set for itself, those with an option of another name included.
    static let callFields = VLLMProvider.schema.fields.filter { VLLMProvider.callOptionKeys.contains($0.key) }

    /// The options, under the headings of the provider's keys.
    static let options: [Option] = sections.flatMap { section in
        let group = OptionGroup(section.title, isBrief: true)
        return section.fields.filter { !written.contains($0.key) }.flatMap(options).map { $0.grouped(under: group) }
    }

    /// What the command line says of the provider's configuration.
    /// - Throws: `UsageError`, for a value that the key does not take.
    static func overrides(_ command: ParsedCommand) throws(UsageError) -> [ConfigurationOverride] {
        var overrides: [ConfigurationOverride] = []
        for field in sections.flatMap(\.fields) where !written.contains(field.key) {
            guard let node = try node(for: field, command) else { continue }
            do { _ = try value(of: field, from: node) } catch { throw command.usageError("`\(name(of: field))`: \(error)") }
            overrides.append(ConfigurationOverride(keys: [field.key], value: node.value, option: name(of: field)))
        }
        return overrides
    }

    /// A value read as its field takes it.
    /// - Throws: `InputError`, for one that it does not take.
    static func value(of field: ConfigurationField, from node: ConfigurationNode) throws(InputError) -> JSONValue? {
        var mapping = ConfigurationMapping()
        mapping.set(node, for: field.key, keyOrigin: node.origin)
        let schema = ConfigurationSchema(name: field.key, fields: [field])
        let (values, issues) = schema.resolve(ConfigurationNode(.mapping(mapping), origin: node.origin), path: "")
        if let issue = issues.first { throw InputError(message: issue.message + (issue.hint.map { " (\($0))" } ?? "")) }
        return values[field.key]
    }

    private static func name(of field: ConfigurationField) -> String { "--\(key(of: field))" }

    private static func key(of field: ConfigurationField) -> String {
        // `replacing` takes a tenth of the program's start for it.
        String(decoding: field.key.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }, as: UTF8.self)
    }

    private static func options(of field: ConfigurationField) -> [Option] {
        let name = name(of: field)
        func value(_ hint: ValueHint, named placeholder: String? = nil, isRepeatable: Bool = false) -> [Option] {
            var option = Option.value(name, named: placeholder, hint: hint, help: field.documentation, isRepeatable: isRepeatable)
            option.names = [shortNames[field.key], name].compactMap(\.self)
            option.defaultText = field.default.map { $0.string ?? $0.text }
            return [option]
        }
        switch field.type {
        case .bool:
            return [.flag(name, help: field.documentation), .flag("--no-\(name.dropFirst(2))", help: "The opposite of \(name).")]
        case .int: return value(.integer)
        case .number: return value(.number)
        case .seconds: return value(.text, named: "SECONDS")
        case .choice(let words): return value(.choices(words))
        case .string, .secret: return value(.text)
        case .stringList: return value(.text, isRepeatable: true)
        case .intList: return value(.integer, isRepeatable: true)
        case .objectList, .object, .oneOf, .any: return value(.text, named: "YAML")
        }
    }

    /// What the command line gives for a field; `nil` for nothing.
    private static func node(for field: ConfigurationField, _ command: ParsedCommand) throws(UsageError) -> ConfigurationNode? {
        let key = key(of: field)
        let origin = ConfigurationOrigin.commandLine(option: name(of: field))
        let scalar = { (text: String, isPlain: Bool) in
            ConfigurationNode(.scalar(ConfigurationScalar(text, isPlain: isPlain)), origin: origin)
        }
        switch field.type {
        case .bool:
            switch (command.flag(key), command.flag("no-\(key)")) {
            case (true, true): throw command.usageError("`--\(key)` and `--no-\(key)` exclude each other")
            case (false, false): return nil
            case (let isOn, _): return scalar(isOn ? "true" : "false", true)
            }
        case .stringList, .intList:
            let texts = command.values(key)
            let isPlain = field.type == .intList
            return texts.isEmpty ? nil : ConfigurationNode(.sequence(texts.map { scalar($0, isPlain) }), origin: origin)
        case .int, .number, .seconds, .string, .secret, .choice: return command.value(key).map { scalar($0, true) }
        case .objectList, .object, .oneOf, .any:
            guard let text = command.value(key) else { return nil }
            do { return try ConfigurationReader().node(parsing: text.utf8, file: "--\(key)") } catch {
                throw command.usageError("`--\(key)`: \(error.issues.first?.message ?? "not YAML")")
            }
        }
    }
}
