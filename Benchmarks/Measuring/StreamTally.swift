/// What one stream brought. All of its memory is there before the stream begins, so that it counts for none.
public final class StreamTally: @unchecked Sendable {
    // @unchecked: only the task that reads the stream uses it, until it ends. What each token touches is not checked for overlapping uses,
    // since that would be counted as the reader's cost.

    /// How many tokens the stream is to have.
    public let tokens: Int
    /// How many tokens with their log-probabilities there were, candidates included.
    public var logprobs = 0
    /// How many bytes of text.
    @exclusivity(unchecked) private(set) var bytes = 0
    /// When the first piece came, in nanoseconds of the monotonic clock.
    private(set) var firstTime: Int64 = 0
    /// How many stamped tokens there were.
    @exclusivity(unchecked) private(set) var stamps = 0
    @exclusivity(unchecked) private var pieces = 0
    /// How long each stamped token was under way, in microseconds.
    @exclusivity(unchecked) private var delays: [Float]
    private let readsStamps: Bool
    private let gauge: MemoryGauge

    /// - Parameters:
    ///   - readsStamps: whether the tokens are `t` and sixteen digits of the server's clock, as `mock-tick…` sends them.
    ///   - gauge: is told how far the stream has come.
    init(tokens: Int, readsStamps: Bool, gauge: MemoryGauge) {
        self.tokens = tokens
        self.readsStamps = readsStamps
        self.gauge = gauge
        delays = [Float](repeating: 0, count: readsStamps ? tokens : 0)
    }

    /// The delays of all stamped tokens.
    var stampedDelays: ArraySlice<Float> { delays[..<stamps] }

    /// Takes a piece of text.
    @inline(__always)
    public func add(_ text: String) {
        if pieces == 0 { firstTime = monotonicNanoseconds() }
        pieces += 1
        bytes += text.utf8.count
        if readsStamps { readStamps(text) }
        if pieces == (tokens + 1) / 2 { gauge.streamIsHalfway() }
    }

    /// The stream has come to its end.
    func end() { gauge.streamHasEnded() }

    private func readStamps(_ text: String) {
        let now = monotonicNanoseconds()
        var sent: Int64 = 0
        var text = text
        text.withUTF8 { bytes in
            for byte in bytes {
                if byte == UInt8(ascii: "t") {
                    note(sent, now)
                    sent = 0
                } else if case let digit = byte &- UInt8(ascii: "0"), digit < 10 {
                    sent = sent &* 10 &+ Int64(digit)
                }
            }
        }
        note(sent, now)
    }

    private func note(_ sent: Int64, _ now: Int64) {
        guard sent > 0, stamps < delays.count else { return }
        delays[stamps] = Float(now - sent) / 1000
        stamps += 1
    }
}
