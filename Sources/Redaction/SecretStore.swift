import Locks

/// The secrets that a part of a program knows. Some come to be known while it runs: keys that are read when they are needed.
public final class SecretStore: Sendable {
    private struct State {
        var given: [String]
        var learnt: [String] = []
        var redactor: Redactor
    }

    /// How many of the secrets that were learnt are kept, the newest. A key that is renewed for months must not fill the memory, and each
    /// that is kept makes each text take longer to look through.
    static let learntLimit = 32

    private let outer: SecretStore?
    private let state: Guarded<State>

    /// A store.
    /// - Parameters:
    ///   - secrets: what it knows as long as it lives.
    ///   - outer: whose secrets it knows, too, those included that are learnt later.
    public init(_ secrets: [String] = [], within outer: SecretStore? = nil) {
        self.outer = outer
        state = Guarded(State(given: secrets, redactor: Redactor(secrets: secrets)))
    }

    /// What takes the secrets out that are known now.
    public var redactor: Redactor {
        let own = state.withLock { $0.redactor }
        return outer.map { $0.redactor.joined(with: own) } ?? own
    }

    /// Whether one of the secrets is in the text.
    public func occur(in text: String) -> Bool { redactor.knowsSecret(in: text) }

    /// Adds secrets for good.
    public func add(_ secrets: [String]) {
        change { state in
            let new = secrets.filter { !state.given.contains($0) }
            state.given += new
            return !new.isEmpty
        }
    }

    /// Adds a secret that was met with just now; the oldest such secret may be forgotten.
    public func learn(_ secret: String) {
        change { state in
            guard !state.given.contains(secret), !state.learnt.contains(secret) else { return false }
            state.learnt = Array((state.learnt + [secret]).suffix(Self.learntLimit))
            return true
        }
    }

    /// - Parameter change: returns whether anything is new.
    private func change(_ change: (inout State) -> Bool) {
        state.withLock { state in
            guard change(&state) else { return }
            state.redactor = Redactor(secrets: state.given + state.learnt)
        }
    }
}
