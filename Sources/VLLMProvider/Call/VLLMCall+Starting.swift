import Locks
import ProviderKit
import VLLMClient

extension VLLMCall {
    /// Reads what the call is to do.
    /// - Throws: `ProviderError` with the code `invalidRequest`.
    @inline(never)
    func prepare() throws(ProviderError) {
        let options = try GenerationOptions(request, options: callOptions, settings: core.settings)
        limits = options.limits
        deadline = core.clock.now() + limits.total
        schedule = RetrySchedule(options.retries, timeout: limits.total)
        plan = try CallPlan(request, options: options)
        recorder.model = options.model
        core.retryBudget.withLock { $0.callBegan() }
    }

    /// Asks a server: for the answer, or for what comes behind what there is of it.
    func start() async throws(ProviderError) {
        guard let plan else { return }
        guard !core.scope.isClosed else { throw Self.closed }
        // All that it waits for ends when the provider is closed.
        do throws(ProviderError) { try await start(plan) } catch {
            throw core.scope.isClosed && !Task.isCancelled ? Self.closed : error
        }
    }

    private func start(_ plan: CallPlan) async throws(ProviderError) {
        let lease: ServerLease
        do throws(ProviderError) {
            lease = try await core.lease(need(plan)) { reason, count in
                recorder.throttled(by: reason, waiting: count, now: core.clock.now())
            }
        } catch {
            tellRetry(asking: nil)
            throw error
        }
        let client = begin(lease)
        if let behind, let sent = attempt.sent {
            try await resume(sent, behind: behind, lease.core, client)
        } else {
            try await ask(plan, lease.core, client)
        }
        behind = nil
    }

    /// There is leave to ask a server.
    @inline(never)
    private func begin(_ lease: ServerLease) -> LimitedClient {
        tellRetry(asking: lease.core.settings.baseURL)
        attempt.begin(lease)
        isUnreadable = false
        let client = lease.core.client(requestID: requestID, of: recorder)
        return LimitedClient(client, limits: limits, deadline: deadline, clock: core.clock)
    }

    /// Tells once what the call asks.
    @inline(never)
    func announce() {
        let endpoint = plan?.endpoint ?? (core.settings.usesCompletions ? .completions : .chat)
        let streams = plan?.options.streams ?? core.settings.streams
        recorder.request(request, options: callOptions, endpoint: endpoint.rawValue, streams: streams)
    }

    private func tellRetry(asking server: BaseURL?) {
        guard var retry = announcedRetry else { return }
        retry.server = server.map { "\($0)" }
        recorder.retries(retry)
        announcedRetry = nil
    }

    /// What an attempt needs of a server.
    func need(_ plan: CallPlan) -> LeaseNeed {
        var need = core.need(plan, deadline: deadline)
        need.tried = attempt.tried
        return need
    }

    @inline(never)
    private func ask(_ plan: CallPlan, _ core: VLLMCore, _ client: LimitedClient) async throws(ProviderError) {
        var plan = plan
        await core.prepareRawRecords(limits: limits)
        try await settleDialect(of: &plan, core, client)
        recorder.model = plan.options.model
        if recorder.model == nil { recorder.model = try await core.defaultModel(client) }
        announce()
        recorder.repaired(core.reportedRepairs.withLock { $0.unreported(plan.repairs, in: request) })
        let model = recorder.model ?? ""
        let (source, call) = try await core.send(plan, model: model, client: client, recorder: recorder)
        self.source = source
        beginAnswer(to: call, plan, core)
    }

    /// The server answers.
    @inline(never)
    private func beginAnswer(to call: VLLMCore.SentCall, _ plan: CallPlan, _ core: VLLMCore) {
        constraint = AnswerConstraint(plan.options.sampling)
        reader = core.reader(of: call, model: recorder.model ?? "")
        continuation = plan.continuation
        unshown = []
        attempt.sent = call
    }

    @inline(never)
    private func resume(
        _ sent: VLLMCore.SentCall, behind partial: PartialAnswer, _ core: VLLMCore, _ client: LimitedClient
    ) async throws(ProviderError) {
        var call = sent
        // It may be another server's.
        try await settleDialect(of: &call.plan, core, client)
        let rest = try await core.resume(call, behind: partial, model: recorder.model ?? "", client: client, recorder: recorder)
        if partial.hasBrokenOff { continuation.resumed(behind: rest.tokenCount) }
        if let source = rest.source {
            self.source = source
        } else {
            // It broke off behind its last token: the server is not asked.
            source = ChunkSource(whole: AnswerPart(choices: [AnswerPart.Choice(index: 0, finishReason: "length")]))
            attempt.lease?.abandoned()
        }
    }

    @inline(never)
    private func settleDialect(of plan: inout CallPlan, _ core: VLLMCore, _ client: LimitedClient) async throws(ProviderError) {
        if plan.needsVersion {
            try plan.speak(await core.dialects.dialect(client))
        } else if plan.options.dialect != .auto {
            try plan.speak(plan.dialect)
        }
    }

    /// The call's name at the server: what is tried again has a number behind it, so that its requests can be told apart in the server's log.
    var requestID: String {
        schedule.count == 0 ? recorder.requestID : "\(recorder.requestID)-\(schedule.count + 1)"
    }
}
