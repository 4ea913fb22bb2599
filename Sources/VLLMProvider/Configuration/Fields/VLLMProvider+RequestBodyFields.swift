import Configuration
import JSON

extension VLLMProvider {
    /// What else a request holds.
    static let requestBodyFields = [
        ConfigurationField("extra_body", .object, documentation: "Any other members of the request's JSON.")
    ]
}
