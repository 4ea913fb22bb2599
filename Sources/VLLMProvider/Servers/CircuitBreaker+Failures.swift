import ProviderKit

extension CircuitBreaker.Failure {
    /// What a failed call says of the server; `nil` where it says nothing of it: that the request is wrong or too much, and that the caller's
    /// own time was used up by an answer on its way.
    init?(_ error: ProviderError, hasAnswered: Bool) {
        switch error.code {
        case .unavailable, .network, .stream: self.init(message: error.message, isSilence: false)
        case .timeout where error.passedSetting == "timeout" && hasAnswered: return nil
        // Without a connection a probe gets no further than a call.
        case .timeout: self.init(message: error.message, isSilence: error.passedSetting != "connect_timeout")
        default: return nil
        }
    }
}
