import Configuration
import JSON
import ProviderKit

/// The settings that hold for one call alone, read by the same rules as the configuration.
enum CallOptions {
    private static let schema: ConfigurationSchema = {
        let fields = VLLMProvider.schema.fields.filter { VLLMProvider.callKeys.contains($0.key) }.map { field in
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

    /// The values of options; one that is `null` is not set.
    /// - Throws: `ProviderError` with the code `invalidRequest` that names what is wrong.
    static func resolve(_ options: JSONObject) throws(ProviderError) -> JSONObject {
        let (values, issues) = schema.resolve(ConfigurationNode(json: .object(options), origin: .default), path: "")
        // What is only suspicious in a file, an unknown key, is a mistake of the program that makes the call.
        guard let issue = issues.first else {
            return JSONObject(schema.fields.compactMap { field in values[field.key].map { (field.key, $0) } })
        }
        let isUnknown = issue.code == .unknownKey
        throw ProviderError(
            .invalidRequest, isUnknown ? "there is no call option \"\(issue.keyPath)\"" : "\(issue.keyPath): \(issue.message)",
            hint: issue.hint ?? (isUnknown ? "the options are \(schema.fields.map(\.key).joined(separator: ", "))" : nil))
    }
}
