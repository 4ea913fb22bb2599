import Configuration
import JSON
import ProviderKit

/// The settings that hold for one call alone, read by the same rules as the configuration.
enum CallOptions {
    private static let schema: ConfigurationSchema = {
        let fields = VLLMProvider.schema.fields.filter { VLLMProvider.callOptionKeys.contains($0.key) }.map { field in
            ConfigurationField(field.key, field.type, range: field.range, documentation: field.documentation)
        }
        return ConfigurationSchema(
            name: "call options",
            fields: fields + [
                ConfigurationField("model", .string, documentation: "The model to ask."),
                ConfigurationField(
                    "request_id", .string,
                    documentation: "The call's name in all events and at the server (X-Request-Id); `metadata.request_id` wins."),
            ])
    }()

    /// Where in the schema an option stands.
    private static let places = Dictionary(uniqueKeysWithValues: schema.fields.enumerated().map { ($1.key, $0) })

    /// The options of a call, with those members of the request over them that the contract does not know and that are options.
    static func options(_ options: JSONObject, of request: ChatRequest) -> JSONObject {
        OptionReader.merging(JSONObject(members(of: request).filter { isOption($0.key) }), over: options)
    }

    /// What of the request's members is neither in the contract nor an option, and is not sent.
    static func degradations(of request: ChatRequest) -> [Degradation] {
        let unknown = members(of: request).map(\.key).filter { !isOption($0) }
        guard !unknown.isEmpty else { return [] }
        return [
            Degradation(
                requested: unknown.joined(separator: ", "), actual: "left out",
                reason: "a request has no such member, and there is no such option")
        ]
    }

    /// The values of options; one that is `null` is not set.
    /// - Throws: `ProviderError` with the code `invalidRequest` that names what is wrong.
    static func resolve(_ options: JSONObject) throws(ProviderError) -> JSONObject {
        if let unknown = options.keys.first(where: { !isOption($0) }) {
            // What is only suspicious in a file, an unknown key, is a mistake of the program that makes the call.
            let (_, issues) = schema.resolve(ConfigurationNode(json: .object([unknown: 0]), origin: .default), path: "")
            throw ProviderError(
                .invalidRequest, "there is no call option \"\(unknown)\"",
                hint: issues.first?.hint ?? "the options are \(schema.fields.map(\.key).joined(separator: ", "))")
        }
        do throws(OptionProblem) { return try read(options, path: "") } catch { throw error.error }
    }

    /// The values of options.
    /// - Parameter path: where they stand, for messages.
    static func read(_ options: JSONObject, path: String) throws(OptionProblem) -> JSONObject {
        guard !options.isEmpty else { return [:] }
        // Of dozens of fields, a call has few.
        var given = schema
        given.fields = options.keys.compactMap { places[$0] }.sorted().map { schema.fields[$0] }
        let (values, issues) = given.resolve(ConfigurationNode(json: .object(options), origin: .default), path: path)
        if let issue = issues.first { throw OptionProblem(issue.keyPath, issue.message, hint: issue.hint) }
        return JSONObject(given.fields.compactMap { field in values[field.key].map { (field.key, $0) } })
    }

    private static func isOption(_ key: String) -> Bool { places[key] != nil }

    private static func members(of request: ChatRequest) -> [(key: String, value: JSONValue)] {
        request.additional.isEmpty ? [] : request.additional.filter { !$0.value.isNull }.map { ($0.key, $0.value) }
    }
}
