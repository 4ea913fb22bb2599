import ProviderKit

extension VLLMCore {
    /// What an attempt of a call needs of a server.
    func need(_ plan: CallPlan, deadline: ContinuousClock.Instant) -> LeaseNeed {
        LeaseNeed(tokens: 0, deadline: deadline)
    }

    /// Chooses a server and waits for leave to ask it.
    /// - Throws: `ProviderError`: `cancelled`; `unavailable`, `rateLimit` and `timeout`, where no server may be asked.
    func lease(_ need: LeaseNeed) async throws(ProviderError) -> ServerLease {
        ServerLease(self) { _ in }
    }

    /// Whether there is a server that the call has not asked before and that is not known to fail.
    func hasUntriedServer(_ need: LeaseNeed) -> Bool {
        !need.tried.contains(settings.baseURL)
    }
}
