/// What goes wrong on the way of a request, chosen by the request's number so that a run can be repeated.
enum SoakFault: String, CaseIterable {
    case none
    /// The connection is closed instead of an answer.
    case noAnswer = "no answer"
    /// Status 503 with `retry-after-ms`.
    case unavailable = "503"
    /// Status 429 with `Retry-After: 0`.
    case rateLimit = "429"
    /// Status 502 with a proxy's page.
    case badGateway = "502 HTML"
    /// The connection is cut inside the body.
    case cut = "cut in mid-answer"
    /// The server falls silent before its answer.
    case silence = "silent from the start"
    /// The server falls silent inside its answer.
    case stall = "silent in mid-answer"
    /// An error event inside the stream, as vLLM sends it when its engine dies.
    case errorEvent = "error event"
    /// The stream ends properly, but without its last events.
    case noDone = "ends without [DONE]"
    /// A few bytes at a time.
    case drip = "slow drip"
    /// More events behind the end.
    case garbage = "garbage after [DONE]"
    /// Status 400: no answer can be had.
    case refusal = "400"

    /// The fault of a request.
    /// - Parameters:
    ///   - number: the request's number.
    ///   - rate: how many of a thousand requests have one.
    static func of(_ number: Int, rate: Int) -> SoakFault {
        let random = scrambled(number)
        guard random % 1000 < UInt64(rate) else { return .none }
        let faults = allCases.dropFirst()
        return faults[faults.startIndex + Int((random >> 20) % UInt64(faults.count))]
    }

    /// Whether a provider that does its work still has the whole answer.
    var isSurvivable: Bool { self != .refusal }
}

/// A number that looks random and is always the same for `number` (the finalizer of SplitMix64).
func scrambled(_ number: Int) -> UInt64 {
    var value = UInt64(bitPattern: Int64(number)) &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
}
