import Timestamps

/// What is to be said of any number of runs of a tool.
public struct ToolStatistics: Sendable {
    /// How many there are.
    public private(set) var count = 0
    /// How many have failed.
    public private(set) var failureCount = 0
    /// How many have no end in the log.
    public private(set) var unfinishedCount = 0
    /// From a run's beginning to its end.
    public private(set) var duration = QuantileSketch()

    /// Of no runs.
    public init() {}

    /// Counts a run in.
    public mutating func add(_ run: ToolRun) {
        count += 1
        if run.error != nil { failureCount += 1 }
        if let duration = run.duration { self.duration.add(duration) } else if run.end == nil && run.error == nil { unfinishedCount += 1 }
    }
}

extension ToolRun {
    /// From its beginning to its end; `nil` where one of them is not in the log, or the clock was set back in between.
    public var duration: Duration? {
        guard let start, let end, start <= end else { return nil }
        return end.duration(since: start)
    }
}
