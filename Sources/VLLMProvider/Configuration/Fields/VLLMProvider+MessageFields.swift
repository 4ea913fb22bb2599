import Configuration
import JSON

extension VLLMProvider {
    /// How the conversation is sent.
    static let messageFields = [
        ConfigurationField(
            "developer_role", .choice(VLLMSettings.DeveloperRole.allCases.map(\.rawValue)), default: "system",
            documentation: "The role that developer messages are sent under: many chat templates know no developer role.")
    ]
}
