import Locks
import ProviderKit

/// Something that one task waits for and another brings, however they come.
final class Arrival<Value: Sendable>: Sendable {
    private let stream: AsyncStream<Value>
    private let continuation: AsyncStream<Value>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(of: Value.self) }

    func bring(_ value: Value) { continuation.yield(value) }

    /// The next value; each is taken once, by one task at a time.
    var value: Value {
        get async throws {
            for await value in stream { return value }
            throw ProviderError(.other, "nothing comes any more")
        }
    }
}

/// The error that `body` throws; `nil` where it throws none. (`#expect(throws:)` around an asynchronous closure with a typed error and
/// no result crashes the compiler of Swift 6.3.1.)
func thrown(_ body: () async throws(ProviderError) -> Void) async -> ProviderError? {
    do {
        try await body()
        return nil
    } catch { return error }
}
