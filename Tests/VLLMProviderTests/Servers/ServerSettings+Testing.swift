import Configuration
import JSON

@testable import VLLMProvider

extension ServerSettings {
    /// The settings of a configuration of so many servers, `http://s0` and so on.
    static func testing(servers: Int = 1, _ settings: JSONObject = [:]) throws -> ServerSettings {
        var configuration: JSONObject = ["base_urls": .array((0..<servers).map { .string("http://s\($0)") })]
        configuration.merge(settings)
        let node = ConfigurationNode(json: .object(configuration), origin: .default)
        let (values, issues) = VLLMProvider.schema.resolve(node)
        guard !issues.hasErrors else { throw ConfigurationError(issues) }
        return try ServerSettings(values)
    }
}
