import Locks

/// Events out of a sequence, one at a time.
final class SequenceSource<Events: AsyncSequence<ProviderEvent, ProviderError> & Sendable>: ResponseSource, @unchecked Sendable {
    // @unchecked: the iterator is reached by the one `next` that holds `isReading`.
    private var iterator: Events.AsyncIterator
    private let isReading = Guarded(false)

    init(_ events: Events) {
        iterator = events.makeAsyncIterator()
    }

    func next() async throws(ProviderError) -> [ProviderEvent]? {
        let wasReading = isReading.withLock { isReading in
            defer { isReading = true }
            return isReading
        }
        guard !wasReading else { throw ProviderError(.other, "an answer is read by two tasks at once", isRetryable: false) }
        defer { isReading.withLock { $0 = false } }
        return try await iterator.next(isolation: nil).map { [$0] }
    }
}
