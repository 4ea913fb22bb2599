import JSON
import ProviderKit

/// What came of a call.
enum PluginResult: Sendable {
    /// It went well; `nil` where there is nothing to say.
    case response(JSONValue?)
    case error(ProviderError)

    static let cancelled = PluginResult.error(ProviderError(.cancelled, "the call was cancelled"))
}
