import ProviderKit

/// Reads answers and hands them over: as they arrive, or when they are complete.
struct AnswerReader {
    private let loop: LoopSettings.Kind
    private let onEvent: (TurnEvent) -> Void
    private let clock = ContinuousClock()

    /// When the first block of the first answer began; what was not handed over, because it failed, is none.
    private(set) var firstToken: ContinuousClock.Instant?
    /// Something of the answer that was read last was handed over: nobody else can give it from its beginning.
    private(set) var hasShown = false

    init(loop: LoopSettings.Kind, onEvent: @escaping (TurnEvent) -> Void) {
        self.loop = loop
        self.onEvent = onEvent
    }

    /// Reads an answer to its end.
    mutating func read(_ stream: ResponseStream) async throws(ProviderError) -> ChatResponse {
        hasShown = false
        var iterator = stream.makeAsyncIterator()
        var gatherer = ResponseGatherer()
        var beginning: ContinuousClock.Instant?
        // What comes before the first block is nothing yet that anybody has to know.
        var held: [ProviderEvent] = []
        while let batch = try await iterator.nextBatch() {
            for event in batch {
                gatherer.add(event)
                if beginning == nil, case .blockStarted = event { beginning = clock.now }
            }
            guard loop == .streaming, gatherer.hasContent else {
                held += batch
                continue
            }
            hasShown = true
            firstToken = firstToken ?? beginning
            hand(over: &held)
            for event in batch { onEvent(.answer(event)) }
        }
        firstToken = firstToken ?? beginning
        hand(over: &held)
        return gatherer.response
    }

    private func hand(over events: inout [ProviderEvent]) {
        guard !events.isEmpty else { return }
        for event in events { onEvent(.answer(event)) }
        events = []
    }
}
