import JSON
import ProviderKit

/// What came of a call.
enum PluginResult: Sendable {
    /// It went well; `nil` where there is nothing to say.
    case response(JSONValue?)
    case error(ProviderError)

    static let cancelled = PluginResult.error(ProviderError(.cancelled, "the call was cancelled"))

    /// The same; an error that does not say whose it is names the provider.
    func naming(_ provider: String) -> PluginResult {
        guard case .error(var error) = self, error.provider == nil else { return self }
        error.provider = provider
        return .error(error)
    }
}
