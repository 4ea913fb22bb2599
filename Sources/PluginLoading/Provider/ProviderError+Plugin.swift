import JSON
import ProviderKit

extension ProviderError {
    /// An error that a plugin reports.
    static func plugin(_ json: [UInt8]) -> ProviderError {
        do {
            let value = try JSONValue(parsing: json)
            do { return try ProviderError(json: value) } catch { return unreadable("\(error)") }
        } catch { return unreadable("\(error)") }
    }

    /// A plugin that does not keep to its contract.
    static func plugin(_ problem: String, provider: String? = nil) -> ProviderError {
        ProviderError(
            .other, "the plugin does not keep to the plugin ABI: \(problem)", hint: "report it to whoever made the plugin",
            provider: provider)
    }

    /// What a provider that was closed answers.
    static let closedPlugin = ProviderError(.cancelled, "the provider was closed")

    private static func unreadable(_ reason: String) -> ProviderError { plugin("its error cannot be read: \(reason)") }
}
