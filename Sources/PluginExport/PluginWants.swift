import CProviderPlugin

/// What `start` gives to its callback.
struct PluginWants: OptionSet, Sendable {
    let rawValue: UInt32

    static let events = PluginWants(rawValue: UInt32(PROVIDER_WANT_EVENTS))
    static let response = PluginWants(rawValue: UInt32(PROVIDER_WANT_RESPONSE))

    init(rawValue: UInt32) { self.rawValue = rawValue }

    /// What the host asks for.
    init(checking wants: UInt32) throws(PluginFailure) {
        rawValue = wants
        guard subtracting([.events, .response]).isEmpty else {
            throw .invalidArgument("`wants` is \(wants): it has bits that this version of the plugin ABI does not know")
        }
    }
}
