import Locks

/// Remembers why something was told to stop, and stops it.
final class StopFlag: Sendable {
    private struct State {
        var cause: Interrupts.Cause?
        var action: (@Sendable () -> Void)?
    }

    private let state = Guarded(State())

    /// Why to stop; `nil` as long as nobody asked for it.
    var cause: Interrupts.Cause? { state.withLock { $0.cause } }

    /// Remembers the first cause and does what is to be done about it.
    func set(_ cause: Interrupts.Cause) {
        let action = state.withLock { state in
            state.cause = state.cause ?? cause
            return state.action
        }
        action?()
    }

    /// Says what is to be done: at once, where there is a cause already.
    func whenSet(_ action: @escaping @Sendable () -> Void) {
        let isSet = state.withLock { state in
            state.action = action
            return state.cause != nil
        }
        if isSet { action() }
    }
}
