import JSON
import ProviderKit

extension CircuitBreaker.Failure {
    /// What a failed call says of the server; `nil` where it says nothing of it: that the request is wrong or too much, that the answer is
    /// larger than our own settings allow, and that the caller's own time was used up.
    /// - Parameters:
    ///   - hasAnswered: the answer had begun.
    ///   - time: how long the server was asked. The time of a call spans more than that: waits, and the servers asked before.
    ///   - limits: the configured ones. A call's own may be so short that no server keeps them.
    init?(_ error: ProviderError, hasAnswered: Bool, after time: Duration, limits: TimeLimits) {
        switch error.code {
        case .stream where error.exceededSetting != nil: return nil
        case .unavailable, .network, .stream: self.init(message: error.message, isSilence: false)
        case .timeout:
            if let setting = error.passedSetting {
                let isLong =
                    setting == TimeLimits.totalKey
                    ? !hasAnswered && time >= limits.firstByte : error.passedTime.map { $0 >= limits.seconds(of: setting) } ?? true
                guard isLong else { return nil }
            }
            // Without a connection a probe gets no further than a call.
            self.init(message: error.message, isSilence: error.passedSetting != "connect_timeout")
        default: return nil
        }
    }
}

extension ProviderError {
    /// Whether the server itself has answered, though not with what was wanted.
    var isAnswerOfServer: Bool { status.map { $0 < 500 } ?? false }

    /// How many seconds the time limit has that has passed.
    fileprivate var passedTime: Double? { details["seconds"]?.double }
}

extension TimeLimits {
    /// A limit in seconds, as errors have it.
    fileprivate func seconds(of setting: String) -> Double {
        switch setting {
        case "connect_timeout": connect / .seconds(1)
        case "first_byte_timeout": firstByte / .seconds(1)
        case "stream_idle_timeout": streamIdle / .seconds(1)
        default: total / .seconds(1)
        }
    }
}
