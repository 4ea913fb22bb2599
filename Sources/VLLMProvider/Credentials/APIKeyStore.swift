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

    private let reader: APIKeyReader
    private let tell: @Sendable (News) -> Void
    private let current = Guarded<String?>(nil)
    private let flight = SingleFlight<Result<String, APIKeyError>>()

    /// - Parameter tell: is told of each reading before its key is used.
    init(_ reader: APIKeyReader, tell: @escaping @Sendable (News) -> Void) {
        self.reader = reader
        self.tell = tell
    }

    /// A store for what a configuration names.
    convenience init(_ source: APIKeySource, environment: [String: String], tell: @escaping @Sendable (News) -> Void) {
        self.init(APIKeyReader(source: source, home: environment["HOME"]), tell: tell)
    }

    /// The key.
    /// - Throws: `TransportError`: `noCredentials`; `cancelled`; `timeout`, when the deadline passes.
    func key(until deadline: ContinuousClock.Instant) async throws(TransportError) -> String {
        if let key = current.withLock({ $0 }) { return key }
        return try await read(until: deadline)
    }

    /// Another key in place of one that a server has refused; `nil` where it is still the same.
    /// - Throws: as `key`.
    func key(otherThan refused: String, until deadline: ContinuousClock.Instant) async throws(TransportError) -> String? {
        // Another request may have met with the same.
        if let key = current.withLock({ $0 }), key != refused { return key }
        let key = try await read(until: deadline)
        return key == refused ? nil : key
    }

    private func read(until deadline: ContinuousClock.Instant) async throws(TransportError) -> String {
        let outcome = await flight.value(until: deadline) { [self] in
            do throws(APIKeyError) {
                let reading = try await reader.read()
                tell(.read(reading.key))
                if let warning = reading.warning { tell(.warning(warning)) }
                current.withLock { $0 = reading.key }
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
