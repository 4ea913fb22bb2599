import JSON
import ProviderKit
import Testing

/// A fault of the simulator, and what a call that meets it comes to.
struct FaultRow: Sendable, CustomTestStringConvertible {
    /// What a call comes to.
    enum Outcome: Sendable, Equatable {
        /// The whole answer.
        case answer
        /// An error.
        case error(ProviderError.Code, isRetryable: Bool)
        /// A time limit, which the error names.
        case timeLimit(String)
        /// A limit of what a server sends, which the error names.
        case sizeLimit(String)
    }

    /// The fault as text.
    let fault: String
    let outcome: Outcome
    /// Whether something of the answer has arrived before the fault.
    let isPartial: Bool
    /// Whether that is all of it, so that with retries there is nothing to ask for again.
    let hasFinished: Bool

    init(_ fault: String, _ outcome: Outcome, isPartial: Bool = false, hasFinished: Bool = false) {
        (self.fault, self.outcome, self.isPartial, self.hasFinished) = (fault, outcome, isPartial, hasFinished)
    }

    var testDescription: String { fault }

    /// Options of the call with limits so short that the one that is to pass does, and others so long that they do not.
    var options: JSONObject {
        var options: JSONObject = ["first_byte_timeout": 500, "stream_idle_timeout": 500, "timeout": 500]
        if case .timeLimit(let setting) = outcome { options[setting] = 10 }
        return options
    }

    /// Whether a time limit has to pass.
    var stalls: Bool {
        if case .timeLimit = outcome { true } else { false }
    }

    /// What the error's code and retryability have to be; `nil` where there is none.
    var failure: (code: ProviderError.Code, isRetryable: Bool)? {
        switch outcome {
        case .answer: nil
        case .error(let code, let isRetryable): (code, isRetryable)
        case .timeLimit: (.timeout, true)
        case .sizeLimit: (.stream, false)
        }
    }

    /// The setting that the error has to name.
    var setting: String? {
        switch outcome {
        case .timeLimit(let setting), .sizeLimit(let setting): setting
        default: nil
        }
    }
}
