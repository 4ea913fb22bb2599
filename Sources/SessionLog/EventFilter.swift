/// Which events a log leaves out.
public struct EventFilter: Sendable, Hashable {
    /// The patterns of the names that are left out: `*` stands for any run of characters, `?` for one, `[…]` and `[!…]` for one of a
    /// set (`fnmatch`). No pattern: every event is logged.
    public var exclude: [String] {
        didSet { patterns = exclude.map(NamePattern.init) }
    }

    private var patterns: [NamePattern]

    /// A filter that leaves out what `exclude` matches; as in Amplifier's logging hook, that is by default the text of streams, which the
    /// `llm:response` of the same request holds again.
    public init(exclude: [String] = ["llm:stream_*delta"]) {
        self.exclude = exclude
        patterns = exclude.map(NamePattern.init)
    }

    /// Whether the log leaves out events of this name.
    public func excludes(_ name: String) -> Bool {
        patterns.contains { $0.matches(name) }
    }
}
