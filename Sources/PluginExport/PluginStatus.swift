import CProviderPlugin

/// The values of `ProviderStatus`, which the importer takes for integers of another size.
enum PluginStatus {
    static let ok = ProviderStatus(PROVIDER_OK)
    static let invalidArgument = ProviderStatus(PROVIDER_INVALID_ARGUMENT)
    static let invalidJSON = ProviderStatus(PROVIDER_INVALID_JSON)
    static let failed = ProviderStatus(PROVIDER_FAILED)
    static let closed = ProviderStatus(PROVIDER_CLOSED)
    static let wrongThread = ProviderStatus(PROVIDER_WRONG_THREAD)
}
