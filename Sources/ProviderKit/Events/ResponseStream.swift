/// An answer as it arrives: a sequence of `ProviderEvent`s that can be read once.
///
/// Reading slowly slows the server down. Dropping the stream and its iterator, or cancelling the task that waits in `next`,
/// ends the call at once. An answer that breaks off throws, with what had arrived in the error's `partialResponse`.
public struct ResponseStream: AsyncSequence, Sendable {
    /// A step of the answer.
    public typealias Element = ProviderEvent
    /// Why there is no more of it.
    public typealias Failure = ProviderError

    private let source: any ResponseSource

    /// A stream that `source` gives out.
    public init(_ source: any ResponseSource) {
        self.source = source
    }

    /// A stream of the events that `events` gives out: the way to write a provider without a `ResponseSource` of one's own.
    public init<Events: AsyncSequence<ProviderEvent, ProviderError> & Sendable>(_ events: Events) {
        source = SequenceSource(events)
    }

    /// A stream that is known already, such as an error that needs no server: `failure` is thrown behind the events.
    public init(_ events: [ProviderEvent], failure: ProviderError? = nil) {
        source = KnownSource(events, failure: failure)
    }

    /// The thread on which the answer arrives, as a task executor, where its source has one that tasks may use.
    ///
    /// A task that prefers it (`withTaskExecutorPreference`) handles each batch where it has arrived, which saves two thread switches a
    /// batch. It must not block or compute for long: while it does, nothing arrives, of other answers neither.
    public var executor: (any TaskExecutor)? { source.executor }

    /// The one way through the answer.
    public func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    /// Reads an answer event by event, or batch by batch.
    public struct Iterator: AsyncIteratorProtocol {
        private let source: any ResponseSource
        private var batch: ArraySlice<ProviderEvent> = []

        init(source: any ResponseSource) {
            self.source = source
        }

        /// The next event; `nil` after the last one.
        /// - Throws: `ProviderError`.
        public mutating func next() async throws(ProviderError) -> ProviderEvent? {
            while batch.isEmpty {
                guard let next = try await source.next() else { return nil }
                batch = next[...]
            }
            return batch.popFirst()
        }

        /// The next event; `nil` after the last one.
        /// - Throws: `ProviderError`.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(ProviderError) -> ProviderEvent? {
            try await next()
        }

        /// All events that have arrived and were not read yet, waiting for at least one; `nil` after the last one.
        /// - Throws: `ProviderError`.
        public mutating func nextBatch() async throws(ProviderError) -> [ProviderEvent]? {
            guard batch.isEmpty else {
                defer { batch = [] }
                return Array(batch)
            }
            return try await source.next()
        }
    }

    /// Reads the whole answer.
    /// - Throws: `ProviderError`.
    public func gather() async throws(ProviderError) -> ChatResponse {
        var gatherer = ResponseGatherer()
        while let batch = try await source.next() {
            for event in batch { gatherer.add(event) }
        }
        return gatherer.response
    }
}

/// What feeds a `ResponseStream`. When the last reference to it goes, the call that it stands for ends.
public protocol ResponseSource: AnyObject, Sendable {
    /// The events that arrived since the last call, waiting for at least one; `nil` after `finished`.
    /// - Throws: `ProviderError`; a cancelled task gets the code `cancelled` at once.
    func next() async throws(ProviderError) -> [ProviderEvent]?

    /// The thread on which events arrive, for tasks that read them there; `nil` where there is none. It stays usable as long as somebody
    /// holds it, also when the answer is over.
    var executor: (any TaskExecutor)? { get }
}

extension ResponseSource {
    /// `nil`: events may be read anywhere, and nowhere better.
    public var executor: (any TaskExecutor)? { nil }
}
