import JSON

/// A histogram with the bounds that the conventions ask for.
struct OTLPHistogram {
    /// The upper bounds of the buckets but the last.
    enum Bounds {
        /// 10 ms, doubled up to 82 s.
        case seconds
        /// 1, four times as many each time, up to 64 million.
        case tokens

        var values: [Double] {
            switch self {
            case .seconds: (0..<14).map { 0.01 * Double(1 << $0) }
            case .tokens: (0..<14).map { Double(1 << (2 * $0)) }
            }
        }
    }

    private let bounds: [Double]
    private var counts: [Int]
    private var sum = 0.0
    private var minimum = Double.infinity
    private var maximum = -Double.infinity
    private(set) var count = 0

    init(bounds: Bounds) {
        self.bounds = bounds.values
        counts = Array(repeating: 0, count: self.bounds.count + 1)
    }

    mutating func add(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        count += 1
        sum += value
        minimum = min(minimum, value)
        maximum = max(maximum, value)
    }

    /// The members of its data point; counts are texts, as JSON of protocol buffers has them.
    var json: JSONObject {
        [
            "count": .string(String(count)), "sum": .double(sum), "min": .double(minimum), "max": .double(maximum),
            "bucketCounts": .array(counts.map { .string(String($0)) }), "explicitBounds": .array(bounds.map { .double($0) }),
        ]
    }
}
