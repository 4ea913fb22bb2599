import Comparison
import JSON
import ProviderKit
import SessionTimeline

/// Makes recorded calls again, several at a time.
struct CallSender {
    let provider: any Provider
    /// How many calls are under way at most.
    let concurrency: Int
    /// How often each call is made.
    let repetitions: Int

    /// Makes all calls; what fails is in its comparison.
    /// - Parameter onComparison: is told each comparison as it is there.
    /// - Returns: the comparisons in the order of the calls; `nil` when the task was cancelled.
    func send(_ calls: [RecordedCall], onComparison: (CallComparison) -> Void) async -> [CallComparison]? {
        var waiting = calls.indices.lazy.flatMap { call in (1...repetitions).map { (call, $0) } }.makeIterator()
        var results: [CallComparison] = []
        await withTaskGroup(of: CallComparison.self) { group in
            func start() {
                guard !Task.isCancelled, let (index, repetition) = waiting.next() else { return }
                let call = calls[index]
                group.addTask { await send(call, repetition: repetition) }
            }
            for _ in 0..<concurrency { start() }
            for await comparison in group {
                results.append(comparison)
                onComparison(comparison)
                start()
            }
        }
        return Task.isCancelled ? nil : results.sorted { ($0.number, $0.repetition) < ($1.number, $1.repetition) }
    }

    private func send(_ call: RecordedCall, repetition: Int) async -> CallComparison {
        var request = call.request
        var metadata = request.metadata ?? [:]
        let requestID = SessionID.random()
        metadata["request_id"] = .string(requestID)
        request.metadata = metadata
        let answer = await answer(to: request, options: call.options, requestID: requestID, model: call.model)
        return CallComparison(
            number: call.number, repetition: repetition, prompt: call.prompt, isSameRequest: true, old: call.answer, new: answer)
    }

    private func answer(to request: ChatRequest, options: JSONObject, requestID: String, model: String?) async -> ComparedAnswer {
        let clock = ContinuousClock()
        let start = clock.now
        var gatherer = ResponseGatherer()
        var answer = ComparedAnswer(requestID: requestID, model: model)
        var events = provider.stream(request, options: options).makeAsyncIterator()
        do throws(ProviderError) {
            while let batch = try await events.nextBatch() {
                for event in batch {
                    switch event {
                    case .started(let start): answer.model = start.model
                    case .blockStarted where answer.latency.timeToFirstToken == nil: answer.latency.timeToFirstToken = clock.now - start
                    default: break
                    }
                    gatherer.add(event)
                }
            }
            answer.response = gatherer.response
        } catch {
            answer.failure = ProviderCall.Failure(error)
            answer.response = error.partialResponse
        }
        answer.latency.duration = clock.now - start
        answer.latency.outputTokens = answer.response?.usage?.outputTokens
        return answer
    }
}
