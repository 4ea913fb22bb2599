import ProviderKit

/// Reads answers and hands them over: as they arrive, or when they are complete.
struct AnswerReader {
    private let loop: LoopSettings.Kind
    private let readsOnArrivalThread: Bool
    private let onEvent: (TurnEvent) -> Void
    private let clock = ContinuousClock()

    /// When the first block of the first answer began; what was not handed over, because it failed, is none.
    private(set) var firstToken: ContinuousClock.Instant?
    /// Something of the answer that was read last was handed over: nobody else can give it from its beginning.
    private(set) var hasShown = false

    init(loop: LoopSettings.Kind, readsOnArrivalThread: Bool, onEvent: @escaping (TurnEvent) -> Void) {
        self.loop = loop
        self.readsOnArrivalThread = readsOnArrivalThread
        self.onEvent = onEvent
    }

    /// What is known of an answer that is being read.
    private struct Reading {
        var gatherer = ResponseGatherer()
        var beginning: ContinuousClock.Instant?
        /// What comes before the first block is nothing yet that anybody has to know.
        var held: [ProviderEvent] = []
    }

    /// Reads an answer to its end.
    mutating func read(_ stream: ResponseStream) async throws(ProviderError) -> ChatResponse {
        hasShown = false
        var iterator = stream.makeAsyncIterator()
        var reading = Reading()
        // Until something arrives, the question is put together and sent, which is no work for that thread.
        if let batch = try await iterator.nextBatch() {
            take(batch, &reading)
            try await withTaskExecutorPreference(readsOnArrivalThread ? stream.executor : nil) { () async throws(ProviderError) in
                while let batch = try await iterator.nextBatch() { take(batch, &reading) }
            }
        }
        firstToken = firstToken ?? reading.beginning
        hand(over: reading.held)
        return reading.gatherer.response
    }

    private mutating func take(_ batch: [ProviderEvent], _ reading: inout Reading) {
        let hadContent = reading.gatherer.hasContent
        reading.gatherer.add(batch)
        if !hadContent, reading.gatherer.hasContent { reading.beginning = clock.now }
        guard loop == .streaming, reading.gatherer.hasContent else {
            reading.held += batch
            return
        }
        hasShown = true
        firstToken = firstToken ?? reading.beginning
        if !reading.held.isEmpty {
            hand(over: reading.held)
            reading.held = []
        }
        hand(over: batch)
    }

    private func hand(over events: [ProviderEvent]) {
        for event in events { onEvent(.answer(event)) }
    }
}
