import Locks

/// Remembers why a command was told to stop.
final class StopFlag: Sendable {
    private let value = Guarded<Interrupts.Cause?>(nil)

    /// Why to stop; `nil` as long as nobody asked for it.
    var cause: Interrupts.Cause? { value.withLock { $0 } }

    /// Remembers the first cause.
    func set(_ cause: Interrupts.Cause) {
        value.withLock { $0 = $0 ?? cause }
    }
}
