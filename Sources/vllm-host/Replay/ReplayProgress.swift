import Comparison

/// How far `replay run` is, for a person who waits.
struct ReplayProgress {
    private let bar: ProgressBar
    private let total: Int
    private let thresholds: ComparisonThresholds
    private var (done, differing, failed) = (0, 0, 0)

    init(_ terminal: Terminal, total: Int, thresholds: ComparisonThresholds) {
        bar = ProgressBar(terminal)
        self.total = total
        self.thresholds = thresholds
        show()
    }

    mutating func add(_ comparison: CallComparison) {
        done += 1
        if comparison.isNewFailure { failed += 1 } else if thresholds.isDifferent(comparison) { differing += 1 }
        show()
    }

    func end() { bar.clear() }

    private func show() {
        let parts = ["\(done) of \(total) calls", differing > 0 ? "\(differing) differ" : nil, failed > 0 ? "\(failed) failed" : nil]
        bar.show(done, of: total, parts.compactMap(\.self).joined(separator: ", "))
    }
}
