import JSON
import ProviderKit

/// Who may be asked in the place of a provider that has failed.
enum Failover: Hashable {
    /// Nobody: it is the request that is wrong, or nobody wants the answer any more.
    case none
    /// Any other provider.
    case next
    /// One whose model has a larger context window.
    case largerContextWindow
}

extension ProviderError {
    /// Who may be asked in this provider's place.
    var failover: Failover {
        switch code {
        case .cancelled: .none
        case .contextLength: .largerContextWindow
        // What another server, account or key may do away with. It is told each time, so that a key that has expired is noticed.
        case .authentication, .accessDenied, .quotaExceeded, .notFound, .network, .timeout, .stream: .next
        default: isRetryable ? .next : .none
        }
    }

    /// The error of a prompt at which several providers have failed, one after another: that of the first, which is the one that was meant
    /// to answer, with what the others said. A later one counts more that has a part of an answer, or says that the caller has cancelled.
    static func ofAll(_ failures: [(provider: String, error: ProviderError)]) -> ProviderError {
        guard failures.count > 1, let first = failures.first?.error, let last = failures.last?.error else {
            return failures.first?.error ?? ProviderError(.other, "no provider was asked")
        }
        if last.code == .cancelled { return last }
        var error = last.partialResponse == nil ? first : last
        error.message = failures.map { "\($0.provider): \($0.error.message)" }.joined(separator: "; ")
        error.isRetryable = failures.contains { $0.error.isRetryable }
        error.details["failover"] = .array(
            failures.map { failure in
                [
                    "provider": .string(failure.provider), "type": .string(failure.error.code.className),
                    "message": .string(failure.error.message), "retryable": .bool(failure.error.isRetryable),
                ]
            })
        return error
    }
}
