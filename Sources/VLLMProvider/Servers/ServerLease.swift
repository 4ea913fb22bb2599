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
        /// Before or after the first part of the answer had arrived.
        case failed(ProviderError, hasAnswered: Bool)
        /// Nobody waits for the answer any more: this says nothing of the server.
        case abandoned
    }

    /// The provider's core, bound to the server.
    let core: VLLMCore
    private let state: Guarded<State>

    private struct State: Sendable {
        /// `nil` when the lease has ended.
        var tell: (@Sendable (Report) -> Void)?
        var hasAnswered = false
    }

    /// - Parameter tell: gets at most one `answered`, and then exactly one of the others.
    init(_ core: VLLMCore, tell: @escaping @Sendable (Report) -> Void) {
        self.core = core
        state = Guarded(State(tell: tell))
    }

    deinit {
        abandoned()
    }

    /// The first part of the answer has arrived: it closes the circuit of a server that is on trial.
    func answered() {
        let tell = state.withLock { state in
            defer { state.hasAnswered = true }
            return state.hasAnswered ? nil : state.tell
        }
        tell?(.answered)
    }

    /// The answer was read to its end.
    func succeeded(tokens: Int?) {
        end { _ in .succeeded(tokens: tokens) }
    }

    /// The attempt failed.
    func failed(_ error: ProviderError) {
        end { error.code == .cancelled ? .abandoned : .failed(error, hasAnswered: $0) }
    }

    /// Nobody waits for the answer any more.
    func abandoned() {
        end { _ in .abandoned }
    }

    private func end(_ report: (_ hasAnswered: Bool) -> Report) {
        let (tell, hasAnswered) = state.withLock { state in
            defer { state.tell = nil }
            return (state.tell, state.hasAnswered)
        }
        tell?(report(hasAnswered))
    }
}

extension ServerLease.Report {
    var isAnswered: Bool { if case .answered = self { true } else { false } }
}
