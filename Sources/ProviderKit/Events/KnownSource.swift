import Locks

/// Events that are there already.
final class KnownSource: ResponseSource {
    private struct State {
        var events: [ProviderEvent]
        var failure: ProviderError?
    }

    private let state: Guarded<State>

    init(_ events: [ProviderEvent], failure: ProviderError?) {
        state = Guarded(State(events: events, failure: failure))
    }

    func next() async throws(ProviderError) -> [ProviderEvent]? {
        try state.withLock { state throws(ProviderError) in
            if !state.events.isEmpty {
                defer { state.events = [] }
                return state.events
            }
            guard let failure = state.failure else { return nil }
            state.failure = nil
            throw failure
        }
    }
}
