/// Asks for answers in one piece, several at a time, and reports what they cost.
public struct RequestRun: Sendable {
    /// The names of its settings.
    public static let settings = ["url", "model", "concurrency", "count", "executor", "warmup"] + Conversation.settings

    /// The server's address.
    public let url: String
    /// The model's name.
    public let model: String
    /// What is asked.
    public let conversation: Conversation
    private let concurrency: Int
    private let count: Int
    private let isOnEngine: Bool
    private let warmup: Int

    /// A run as `settings` say.
    public init(_ settings: Settings) {
        url = settings.text("url", "http://127.0.0.1:8900")
        model = settings.text("model", "mock-coal")
        concurrency = max(1, settings.count("concurrency", 1))
        count = settings.count("count", 10_000)
        isOnEngine = settings.choice("executor", ["engine", "global"]) == "engine"
        warmup = settings.count("warmup", 100)
        conversation = Conversation(settings)
    }

    /// Asks and reports: CPU and time of all requests behind the warm-up; `first_us` is how long the very first request took, with
    /// whatever is set up then.
    /// - Parameters:
    ///   - executor: the thread of the network.
    ///   - ask: asks once.
    public func run(on executor: any TaskExecutor, _ ask: @escaping @Sendable () async throws -> Void) async throws {
        let preference = isOnEngine ? executor : nil
        let first = monotonicNanoseconds()
        try await ask()
        let firstDuration = Double(monotonicNanoseconds() - first) / 1000
        _ = try await all(warmup, preference, ask)
        let idle = ResidentMemory.now
        ResidentMemory.forgetPeak()
        let start = ProcessFigures.now
        let durations = try await all(count, preference, ask)
        let end = ProcessFigures.now
        let peak = ResidentMemory.peak
        let spread = Spread(durations)
        report([
            ("requests", Double(durations.count)), ("cpu_us", end.cpu - start.cpu), ("wall_us", Double(end.time - start.time) / 1000),
            ("first_us", firstDuration), ("p50_us", spread.quantile(0.5)), ("p99_us", spread.quantile(0.99)),
            ("rss_idle_kib", Double(idle)), ("rss_peak_kib", Double(peak)),
        ])
    }

    /// How long each request took, in microseconds.
    private func all(
        _ count: Int, _ preference: (any TaskExecutor)?, _ ask: @escaping @Sendable () async throws -> Void
    ) async throws -> [Float] {
        try await withThrowingTaskGroup { group in
            for index in 0..<concurrency {
                group.addTask(executorPreference: preference) {
                    var durations: [Float] = []
                    for _ in stride(from: index, to: count, by: concurrency) {
                        let start = monotonicNanoseconds()
                        try await ask()
                        durations.append(Float(monotonicNanoseconds() - start) / 1000)
                    }
                    return durations
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}
