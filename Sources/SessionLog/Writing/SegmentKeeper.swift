/// Looks after the parts of a log that were put aside: compresses them, and removes those that are not kept.
struct SegmentKeeper {
    private let path: String
    private var waiting: [LogSegment] = []
    private var compressor: SegmentCompressor?
    /// The numbers of those that were tried already.
    private var given: Set<Int> = []
    private var options = SessionLogOptions()

    init(path: String) {
        self.path = path
    }

    /// Whether there is something to be compressed.
    var isBusy: Bool { compressor != nil || !waiting.isEmpty }

    /// Sees what there is to do. Returns whether there is anything that takes time.
    @discardableResult
    mutating func look(_ options: SessionLogOptions) -> Bool {
        self.options = options
        let segments = removeSuperfluous()
        guard options.compresses else { return false }
        waiting += segments.filter { $0.plainPath != nil && given.insert($0.number).inserted }
        return isBusy
    }

    /// Does the next piece of the work.
    mutating func step() {
        if let compressor {
            if compressor.step() { return }
            self.compressor = nil
            // It is smaller now: how much is kept may depend on that.
            _ = removeSuperfluous()
        } else if !waiting.isEmpty {
            compressor = SegmentCompressor(waiting.removeFirst())
        }
    }

    /// Returns what is kept.
    private func removeSuperfluous() -> [LogSegment] {
        let segments = LogSegment.all(of: path)
        let superfluous = Set(LogSegment.superfluous(segments, options.retention))
        for segment in superfluous { segment.remove() }
        return segments.filter { !superfluous.contains($0) }
    }
}
