/// Reads streams side by side and reports what they cost.
public struct StreamRun: Sendable {
    /// The names of its settings.
    public static let settings =
        ["url", "model", "endpoint", "streams", "tokens", "logprobs", "executor", "warmup"] + Conversation.settings

    /// The server's address.
    public let url: String
    /// The model's name, by which the load server knows how to send.
    public let model: String
    /// Whether `/v1/completions` is asked, and not `/v1/chat/completions`.
    public let isCompletion: Bool
    /// How many streams are read at a time.
    public let streams: Int
    /// How many tokens each stream has.
    public let tokens: Int
    /// Whether the tokens come with five log-probabilities.
    public let logprobs: Bool
    /// Whether the tasks run on the thread that reads from the network.
    public let isOnEngine: Bool
    /// What is asked.
    public let conversation: Conversation
    private let warmup: Int

    /// A run as `settings` say.
    public init(_ settings: Settings) {
        url = settings.text("url", "http://127.0.0.1:8900")
        model = settings.text("model", "mock-coal")
        isCompletion = settings.choice("endpoint", ["chat", "completions"]) == "completions"
        streams = settings.count("streams", 1)
        tokens = settings.count("tokens", 100_000)
        logprobs = settings.flag("logprobs")
        isOnEngine = settings.choice("executor", ["engine", "global"]) == "engine"
        warmup = settings.count("warmup", 100)
        conversation = Conversation(settings)
    }

    /// Runs `read` for each stream and reports.
    /// - Parameters:
    ///   - executor: the thread of the network; `nil` where the program cannot have it.
    ///   - read: reads one stream of so many tokens.
    public func run(on executor: (any TaskExecutor)?, _ read: @escaping @Sendable (StreamTally) async throws -> Void) async throws {
        let preference = isOnEngine ? executor : nil
        if warmup > 0 { try await all(tallies(of: warmup, MemoryGauge(streams: streams)), preference, read) }
        let gauge = MemoryGauge(streams: streams)
        let tallies = tallies(of: tokens, gauge)
        let idle = ResidentMemory.now
        ResidentMemory.forgetPeak()
        let start = ProcessFigures.now
        try await all(tallies, preference, read)
        let end = ProcessFigures.now
        let peak = max(ResidentMemory.peak, gauge.resident)
        let delays = Spread(tallies.lazy.flatMap(\.stampedDelays))
        let first = Spread(tallies.lazy.map { Float($0.firstTime - start.time) / 1000 })
        func sum(_ count: (StreamTally) -> Int) -> Double { Double(tallies.reduce(0) { $0 + count($1) }) }
        report([
            ("tokens", Double(streams * tokens)), ("bytes", sum(\.bytes)), ("logprobs", sum(\.logprobs)), ("stamps", sum(\.stamps)),
            ("cpu_us", end.cpu - start.cpu), ("wall_us", Double(end.time - start.time) / 1000), ("first_us", first.quantile(0.5)),
            ("delay_p50_us", delays.quantile(0.5)), ("delay_p99_us", delays.quantile(0.99)), ("delay_max_us", delays.quantile(1)),
            ("rss_idle_kib", Double(idle)), ("rss_kib", Double(gauge.resident)), ("rss_peak_kib", Double(peak)),
        ])
    }

    private func tallies(of tokens: Int, _ gauge: MemoryGauge) -> [StreamTally] {
        (0..<streams).map { _ in StreamTally(tokens: tokens, readsStamps: model.hasPrefix("mock-tick"), gauge: gauge) }
    }

    private func all(
        _ tallies: [StreamTally], _ preference: (any TaskExecutor)?, _ read: @escaping @Sendable (StreamTally) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup { group in
            for tally in tallies {
                group.addTask(executorPreference: preference) {
                    try await read(tally)
                    tally.end()
                }
            }
            try await group.waitForAll()
        }
    }
}
