import JSON
import ProviderKit
import VLLMClient

extension VLLMCore {
    /// What an attempt of a call needs of a server.
    func need(_ plan: CallPlan, deadline: ContinuousClock.Instant) -> LeaseNeed {
        LeaseNeed(
            model: plan.options.model, tokens: settings.servers.tokensPerMinute == nil ? 0 : plan.tokenEstimate,
            timeout: plan.options.limits.total, deadline: deadline)
    }

    /// Chooses a server and waits for leave to ask it.
    /// - Parameter onWait: is told before a wait what for, and how many wait, this call among them.
    /// - Throws: `ProviderError`: `unavailable`, where the circuits of all servers are open; `rateLimit`, where too many calls wait, or this
    ///   one has waited too long; `timeout`, where the time of the call is used up; `cancelled`.
    func lease(
        _ need: LeaseNeed, onWait: (LeaseDelay, _ count: Int) -> Void = { _, _ in }
    ) async throws(ProviderError) -> ServerLease {
        await pool.pollLoads()
        let request = request(need)
        pool.refreshModels(of: request.lacking)
        guard let answer = pool.ask(request) else { throw Self.closed }
        switch answer {
        case .granted(let grant): return lease(by: grant)
        case .refused(let refusal): throw error(refusal)
        case .waits(let number, let delay):
            onWait(delay, pool.read { $0.waitingCount })
            return try await lease(ofWaiting: number, for: delay, need)
        }
    }

    // Few calls wait, and fewer are refused: what that takes has no place in the memory of those that do not.

    @inline(never)
    private func lease(ofWaiting number: Int, for delay: LeaseDelay, _ need: LeaseNeed) async throws(ProviderError) -> ServerLease {
        let queueDeadline = settings.servers.queueTimeout.map { clock.now() + $0 }
        let deadline = min(need.deadline, queueDeadline ?? need.deadline)
        switch await pool.outcome(of: number, by: deadline) {
        case .granted(let grant): return lease(by: grant)
        case .refused(let refusal): throw error(refusal)
        case .expired: throw ProviderError(waitingFor: delay, need, isQueueTimeout: deadline < need.deadline, settings: settings)
        case .cancelled: throw ProviderError(.cancelled, "the call was cancelled")
        case .closed: throw Self.closed
        }
    }

    @inline(never)
    private func error(_ refusal: LeaseRefusal) -> ProviderError { ProviderError(refusal, pool, settings: settings) }

    /// Whether there is a server that the call has not asked before and that is not known to fail.
    func hasUntriedServer(_ need: LeaseNeed) -> Bool {
        guard pool.servers.count > 1 else { return false }
        let (request, now) = (request(need), clock.now())
        return pool.read { $0.hasUntried(request, now) }
    }

    private static var closed: ProviderError { ProviderError(.cancelled, "the provider was closed") }

    @inline(never)
    private func request(_ need: LeaseNeed) -> LeaseRequest {
        var request = LeaseRequest(tokens: need.tokens)
        guard pool.servers.count > 1 else { return request }
        for (index, server) in pool.servers.enumerated() {
            if need.tried.contains(server.baseURL) { request.tried.insert(index) }
            if let model = need.model, server.lacks(model) { request.lacking.insert(index) }
        }
        return request
    }

    @inline(never)
    private func lease(by grant: LeaseGrant) -> ServerLease {
        let core = bound(to: pool.servers[grant.server])
        return ServerLease(core) { report in
            if let change = core.pool.report(report, of: grant) { core.warn(of: change) }
        }
    }

    /// Tells the session that a server is left alone, or is asked again.
    private func warn(of change: ServerPoolState.CircuitChange) {
        let server = "\(settings.baseURL)"
        switch change {
        case .opened(let opening):
            warnings.emit(
                ProviderWarning(
                    "\(server) is left alone until it is well again, after \(opening.failuresInWords)", model: nil,
                    data: ["server": .string(server), "circuit": "open", "failures": .integer(opening.failures)]))
        case .closed:
            warnings.emit(
                ProviderWarning(
                    "\(server) has answered, and is asked again", model: nil, data: ["server": .string(server), "circuit": "closed"]))
        }
    }
}

extension CallPlan {
    /// How many tokens prompt and answer may have together: no token is shorter than a byte. What an image has is not reckoned.
    var tokenEstimate: Int {
        let (answers, overflows) = (options.sampling.maxTokens ?? 0).multipliedReportingOverflow(by: max(options.sampling.n ?? 1, 1))
        let (sum, overflowsToo) = (promptTokenBound ?? 0).addingReportingOverflow(answers)
        return overflows || overflowsToo ? .max : sum
    }
}
