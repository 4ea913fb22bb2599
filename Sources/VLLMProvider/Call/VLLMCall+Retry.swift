import JSON
import Locks
import ProviderKit
import VLLMClient

extension VLLMCall {
    /// Goes on from a failure: with another attempt, or with the end of what there is of the answer.
    /// - Throws: the error that ends the call.
    @inline(never)
    func recover(from error: ProviderError) async throws(ProviderError) {
        // Lets the connection go.
        source = ChunkSource()
        let isAnswering = phase == .answering
        let error = complete(error)
        leave(error)
        guard phase != .ready, error.code != .cancelled else { throw failed(error) }
        let policy = schedule.policy
        if isShown, error.isRetryable, !isUnreadable, policy.resumesStreams, policy.limit > 0, roundIsOver {
            // Nothing but the end of the stream is missing.
            phase = .answering
            return
        }
        if let setting = error.passedSetting, setting != TimeLimits.totalKey { passedLimit = passedLimit ?? error }
        guard mayBeRepeated(error) else { return try end(error) }
        let goesOn = isShown || continuation.count > 0
        if goesOn, let obstacle = continuation.obstacleToResuming {
            return try end(error, details: policy.limit > 0 ? ["not_resumed": .string(obstacle)] : [:])
        }
        let hasOtherServer = plan.map { core.hasUntriedServer(need($0)) } ?? false
        switch nextStep(after: error, hasOtherServer: hasOtherServer) {
        case .giveUp(let reason): try end(error, because: reason)
        case .retry(let delay):
            try await retry(
                after: error, delay: delay, elsewhere: hasOtherServer, resuming: goesOn, isAnswering: isAnswering)
        }
    }

    /// Whether another attempt may come to something else.
    private func mayBeRepeated(_ error: ProviderError) -> Bool {
        if error.isLocal || error.passedSetting == TimeLimits.totalKey { return false }
        // A call goes to another server for the failure of one that has the model: that this one has not is no end.
        let isElsewhere = schedule.count > 0 && core.pool.servers.count > 1
        return error.isRetryable || isElsewhere && error.code == .notFound
    }

    private func retry(
        after error: ProviderError, delay: Duration, elsewhere: Bool, resuming: Bool, isAnswering: Bool
    ) async throws(ProviderError) {
        announce()
        let retry = CallRecorder.Retry(
            error: error, attempt: schedule.count, limit: schedule.policy.limit, delay: delay, isResumed: resuming)
        if elsewhere {
            announcedRetry = retry
        } else {
            recorder.retries(retry)
            // All servers were asked: they are asked anew.
            attempt.tried = []
        }
        if resuming {
            if isAnswering, isShown { breakage = breakage ?? error }
            behind = continuation.breakOff()
        }
        phase = .starting
        do throws(ProviderError) { try await wait(delay) } catch { throw failed(complete(error)) }
    }

    private func nextStep(after error: ProviderError, hasOtherServer: Bool) -> RetrySchedule.Step {
        let now = core.clock.now()
        var next = schedule
        let isSilence = error.passedSetting == TimeLimits.firstByteKey
        let step = next.next(
            retryAfter: error.retryAfter, timeLeft: deadline - now, hasOtherServer: hasOtherServer, isSilence: isSilence
        ) { .random(in: 0..<1) }
        guard case .retry = step else { return step }
        guard core.retryBudget.withLock({ $0.withdraw(now: now) }) else { return .giveUp(.budget) }
        schedule = next
        return step
    }

    /// - Throws: `ProviderError` with the code `cancelled`, as soon as the task is cancelled or the provider is closed.
    private func wait(_ delay: Duration) async throws(ProviderError) {
        guard delay > .zero else { return }
        let clock = core.clock
        let end = clock.now() + delay
        try await core.scope.run(orThrow: Self.closed) { () throws(ProviderError) in
            do { try await clock.sleep(end) } catch { throw ProviderError(.cancelled, "the call was cancelled") }
        }
    }

    /// The answer is what there is of it, where a round behind its first one could not be had; otherwise the call has failed.
    private func end(
        _ error: ProviderError, because reason: RetrySchedule.Reason? = nil, details: JSONObject = [:]
    ) throws(ProviderError) {
        var told = breakage ?? error
        var reason = reason
        if error.passedSetting == TimeLimits.totalKey {
            // Not the sum of all waits is what was wrong, but what was waited for.
            reason = passedLimit == nil ? nil : .timeUp(limits.total)
            if let passedLimit, breakage == nil {
                told = passedLimit
                told.partialResponse = error.partialResponse
            }
        }
        if let phrase = reason?.phrase {
            told.message += "; \(phrase)"
            told.details["retries_ended"] = .string(phrase)
        }
        if schedule.count > 0 { told.details["attempts"] = .integer(schedule.count + 1) }
        if breakage != nil { told.details["resume_error"] = error.summary }
        told.details.merge(details)
        guard continuation.count > 0, !isUnreadable else { throw failed(told) }
        lastParts = continuation.fail(told)
        phase = .answering
    }

    /// The call has failed.
    func failed(_ error: ProviderError) -> ProviderError {
        phase = .over
        announce()
        recorder.failed(error)
        return error
    }

    /// The error with all that is known.
    private func complete(_ error: ProviderError) -> ProviderError {
        var error = core.redacted(error)
        error.provider = core.settings.providerName
        error.model = error.model ?? recorder.model
        // vLLM logs a call under the name that it was sent with, also where it does not say so.
        if error.status != nil { error.requestID = error.requestID ?? requestID }
        if gatherer.hasContent { error.partialResponse = gatherer.response }
        return error
    }

    /// Leaves the server that was asked.
    private func leave(_ error: ProviderError) {
        // The server may have been started anew, with another model or another context window.
        switch error.code {
        case .notFound: attempt.core(core).models.forget(listing: recorder.model)
        case .contextLength: attempt.core(core).models.forget()
        default: break
        }
        if error.code == .cancelled { attempt.lease?.abandoned() } else { attempt.lease?.failed(error) }
        attempt.lease = nil
    }

    /// Whether the server has said why the answer, or its round, has ended.
    private var roundIsOver: Bool {
        continuation.isCut || reader.finishedChoiceCount == max(plan?.options.sampling.n ?? 1, 1)
    }
}

extension ProviderError {
    /// The error in short, for the details of another one.
    fileprivate var summary: JSONValue {
        var summary: JSONObject = ["type": .string(code.className), "message": .string(message)]
        summary["status_code"] = status.map { .integer($0) }
        return .object(summary)
    }
}
