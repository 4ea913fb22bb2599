import ProviderKit

/// What the holders of leases tell.
extension ServerPoolState {
    /// What has become of a server's circuit.
    enum CircuitChange {
        case opened(CircuitBreaker.Opening)
        case closed
    }

    /// What the holder of a lease tells.
    /// - Returns: what this does to the server's circuit; `nil` where it stays open or closed.
    mutating func report(_ report: ServerLease.Report, of grant: LeaseGrant, _ now: ContinuousClock.Instant) -> CircuitChange? {
        let server = grant.server
        if !report.isAnswered { members[server].leases -= 1 }
        settle(report, of: grant)
        guard let permit = grant.permit, var breaker = members[server].breaker else { return nil }
        let before = breaker.opening
        judge(report, by: permit, after: now - grant.time, &breaker, now)
        members[server].breaker = breaker
        let after = breaker.opening
        if let after, after != before { members[server].nextProbe = settings.healthCheckInterval.map { now + $0 } }
        return switch (before, after) {
        case (nil, let opening?): .opened(opening)
        case (_?, nil): .closed
        default: nil
        }
    }

    /// Counts the tokens that the call has really used.
    private mutating func settle(_ report: ServerLease.Report, of grant: LeaseGrant) {
        switch report {
        case .succeeded(let tokens?): limiter.settle(grant.charge, tokens: tokens)
        // Nothing was generated for it.
        case .failed(_, hasAnswered: false): limiter.settle(grant.charge, tokens: 0)
        default: break
        }
    }

    private func judge(
        _ report: ServerLease.Report, by permit: CircuitBreaker.Permit, after time: Duration, _ breaker: inout CircuitBreaker,
        _ now: ContinuousClock.Instant
    ) {
        switch report {
        case .answered: breaker.answered(permit)
        case .succeeded: breaker.succeeded(permit)
        case .abandoned: breaker.abandoned(permit)
        case .failed(let error, let hasAnswered):
            if let failure = CircuitBreaker.Failure(error, hasAnswered: hasAnswered, after: time, limits: settings.limits) {
                breaker.failed(permit, failure, now)
            } else {
                if error.isAnswerOfServer { breaker.answered(permit) }
                breaker.abandoned(permit)
            }
        }
    }
}
