import HTTPTransport
import Locks

/// An API key that is read when it is first needed, and again when a server refuses it: whoever renews the key need not restart anything.
///
/// Requests that need it at the same time share one reading.
final class APIKeyStore: Sendable {
    /// What there is to tell of a reading.
    enum News: Sendable {
        /// This is the key.
        case read(String)
        /// Its owner should know this.
        case warning(String)
    }

    private struct State {
        var key: String?
        /// A key that was read again because it was refused, and was still the same or could not be read; and when that was.
        var refused: (key: String, at: ContinuousClock.Instant)?
    }

    /// How long a key that was read again in vain is left alone: as long as a key is bad, each request brings a refusal.
    private static let pause = Duration.seconds(10)

    private let reader: APIKeyReader
    private let clock: CallClock
    private let scope: TaskScope
    private let tell: @Sendable (News) -> Void
    private let state = Guarded(State())
    private let flight = SingleFlight<Result<String, APIKeyError>>()

    /// - Parameters:
    ///   - scope: nobody waits for a key any more when this is closed.
    ///   - tell: is told of each reading before its key is used.
    init(_ reader: APIKeyReader, clock: CallClock, scope: TaskScope = TaskScope(), tell: @escaping @Sendable (News) -> Void) {
        self.reader = reader
        self.clock = clock
        self.scope = scope
        self.tell = tell
    }

    /// A store for what a configuration names.
    convenience init(
        _ source: APIKeySource, environment: [String: String], clock: CallClock, scope: TaskScope,
        tell: @escaping @Sendable (News) -> Void
    ) {
        self.init(APIKeyReader(source: source, home: environment["HOME"]), clock: clock, scope: scope, tell: tell)
    }

    /// The key.
    /// - Throws: `TransportError`: `noCredentials`; `cancelled`; `timeout`, when the deadline passes.
    func key(until deadline: ContinuousClock.Instant) async throws(TransportError) -> String {
        if let key = state.withLock({ $0.key }) { return key }
        return try await read(until: deadline)
    }

    private static let closed = TransportError(.closed, "the provider was closed")

    /// Another key in place of one that a server has refused; `nil` where there is none: the key is still the same, or cannot be read, or
    /// that was found out just before.
    /// - Throws: `TransportError`: `cancelled`.
    func key(otherThan refused: String, until deadline: ContinuousClock.Instant) async throws(TransportError) -> String? {
        let now = clock.now()
        let (current, isInVain) = state.withLock { state in
            (state.key, state.refused.map { $0.key == refused && now < $0.at + Self.pause } ?? false)
        }
        // Another request may have met with the same.
        if let current, current != refused { return current }
        guard !isInVain else { return nil }
        do throws(TransportError) {
            let key = try await read(until: deadline)
            if key != refused { return key }
        } catch {
            if error.code == .cancelled { throw error }
        }
        state.withLock { $0.refused = (refused, now) }
        return nil
    }

    private func read(until deadline: ContinuousClock.Instant) async throws(TransportError) -> String {
        try await scope.run(orThrow: Self.closed) { [self] () throws(TransportError) in try await readShared(until: deadline) }
    }

    private func readShared(until deadline: ContinuousClock.Instant) async throws(TransportError) -> String {
        let outcome = await flight.value(until: deadline) { [self] in
            do throws(APIKeyError) {
                let reading = try await reader.read()
                tell(.read(reading.key))
                if let warning = reading.warning { tell(.warning(warning)) }
                state.withLock { $0.key = reading.key }
                return .success(reading.key)
            } catch { return .failure(error) }
        }
        switch outcome {
        case .success(let key)?: return key
        case .failure(let error)?:
            throw TransportError(.noCredentials, "there is no API key: \(reader.source.setting): \(error)")
        case nil where Task.isCancelled: throw TransportError(.cancelled, "the request was cancelled")
        case nil: throw TransportError(.timeout, "no API key came in time: \(reader.source.setting)")
        }
    }
}
