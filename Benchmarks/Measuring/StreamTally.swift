/// What one stream brought.
public struct StreamTally: Sendable {
    /// How many pieces of text there were.
    public private(set) var pieces = 0
    /// How many bytes of text.
    public private(set) var bytes = 0
    /// How many tokens with their log-probabilities, candidates included.
    public var logprobs = 0
    /// When the first piece came, in nanoseconds of the monotonic clock.
    public private(set) var firstTime: Int64 = 0
    /// How long each stamped token was under way, in nanoseconds.
    public private(set) var delays: [Int64] = []
    private let readsStamps: Bool

    /// - Parameter readsStamps: whether the tokens are `t` and sixteen digits of the server's clock, as `mock-tick…` sends them.
    public init(readsStamps: Bool) {
        self.readsStamps = readsStamps
    }

    /// Takes a piece of text.
    @inline(__always)
    public mutating func add(_ text: String) {
        pieces += 1
        bytes += text.utf8.count
        if firstTime == 0 { firstTime = monotonicNanoseconds() }
        if readsStamps { readStamps(text) }
    }

    private mutating func readStamps(_ text: String) {
        let now = monotonicNanoseconds()
        for stamp in text.utf8.split(separator: UInt8(ascii: "t")) {
            if let sent = Int64(Substring(stamp)) { delays.append(now - sent) }
        }
    }
}
