/// The latest requests, as many as a limit says, and no more than their bodies' bytes allow.
struct RequestRecord {
    private static let byteLimit = 64 << 20

    private let limit: Int
    private var kept: [SimulatedRequest] = []
    private var byteCount = 0

    /// A record of `limit` requests.
    init(limit: Int) {
        self.limit = max(0, limit)
    }

    /// The requests, oldest first.
    var requests: [SimulatedRequest] { kept.suffix(limit) }

    /// Adds a request over the oldest.
    mutating func add(_ request: SimulatedRequest) {
        guard limit > 0 else { return }
        kept.append(request)
        byteCount += request.body.count
        // As many again are let in before the surplus goes, so that each request costs little.
        if kept.count >= 2 * limit { drop(kept.count - limit) }
        while byteCount > Self.byteLimit, kept.count > 1 { drop(1) }
    }

    private mutating func drop(_ count: Int) {
        byteCount -= kept.prefix(count).reduce(0) { $0 + $1.body.count }
        kept.removeFirst(count)
    }
}
