import Locks
public import ProviderKit

/// Several providers: which are there, and which is asked.
extension HostSession {
    /// The session's providers, in the order of priority.
    public var providers: [MountedProvider] { modules.providers }

    /// The provider that the next prompt is put to: the one that was chosen, else the first that is not left alone. When it fails, another one
    /// may answer in its place.
    public var selectedProvider: MountedProvider? {
        let name = selection.withLock { $0.candidates(now: .now).first }
        return modules.providers.first { $0.name == name }
    }

    /// Whether a provider has failed and is asked behind the others for a while (`failover_cooldown`).
    public func isLeftAlone(_ provider: MountedProvider) -> Bool {
        selection.withLock { $0.isLeftAlone(provider.name, now: .now) }
    }

    /// Whether the provider was chosen, and is asked alone.
    public var isProviderChosen: Bool { selection.withLock { $0.chosen != nil } }

    /// Chooses the provider of later prompts: it is asked alone, and when it fails, the prompt does.
    /// - Parameter name: the name that it is mounted under; `nil` asks in the order of priority again.
    /// - Throws: `HostError` with the code `noProvider`, which says what names there are.
    public func select(_ name: String?) throws(HostError) {
        if let name, !modules.providers.contains(where: { $0.name == name }) {
            throw .noProvider(named: name, among: modules.providers.map(\.name))
        }
        selection.withLock { $0.chosen = name }
        if let selected = selectedProvider { preparation.begin(selected) }
    }

    /// The provider that the next prompt is put to.
    public var provider: (any Provider)? { selectedProvider?.provider }

    /// The model that answers, as far as the provider knows its limits by now: it asks its server in the background, from mounting on.
    /// `waitForModelInfo` waits for the answer.
    public var modelInfo: ModelInfo? { provider?.modelInfo }

    /// Waits until the provider has asked its server for what `modelInfo` tells, whatever came of it, or the time is up; a server that is
    /// silent about its models may answer all the same. The first prompt waits so before its first request.
    /// - Parameter limit: how long to wait at most.
    public func waitForModelInfo(atMost limit: Duration = .seconds(5)) async {
        if let selected = selectedProvider { await preparation.wait(for: selected, atMost: limit) }
    }
}
