import Locks
import ProviderKit

/// Leave to ask one server once, given by `VLLMCore.lease`.
///
/// It ends by exactly one of `succeeded`, `failed` and `abandoned`; what is told after that does not count. A lease that is dropped is
/// abandoned.
final class ServerLease: Sendable {
    /// What a holder tells of the server.
    enum Report: Sendable {
        /// The first part of the answer has arrived: the server generates.
        case answered
        /// The answer was read to its end; it and its prompt had so many tokens, where the server told it.
        case succeeded(tokens: Int?)
        case failed(ProviderError)
        /// Nobody waits for the answer any more: this says nothing of the server.
        case abandoned
    }

    /// The provider's core, bound to the server.
    let core: VLLMCore
    private let tell: Guarded<(@Sendable (Report) -> Void)?>

    /// - Parameter tell: gets at most one `answered`, and then exactly one of the others.
    init(_ core: VLLMCore, tell: @escaping @Sendable (Report) -> Void) {
        self.core = core
        self.tell = Guarded(tell)
    }

    deinit {
        end(.abandoned)
    }

    /// The first part of the answer has arrived. Call it once: it closes the circuit of a server that is on trial.
    func answered() {
        tell.withLock { $0 }?(.answered)
    }

    /// The answer was read to its end.
    func succeeded(tokens: Int?) {
        end(.succeeded(tokens: tokens))
    }

    /// The attempt failed. With what had arrived of the answer in its `partialResponse`: that a call's time is used up in the middle of
    /// an answer says nothing of the server.
    func failed(_ error: ProviderError) {
        end(.failed(error))
    }

    /// Nobody waits for the answer any more.
    func abandoned() {
        end(.abandoned)
    }

    private func end(_ report: Report) {
        let tell = tell.withLock { tell in
            defer { tell = nil }
            return tell
        }
        tell?(report)
    }
}
