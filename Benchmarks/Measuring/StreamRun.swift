/// Reads streams side by side and reports what they cost.
public struct StreamRun: Sendable {
    /// The names of its settings.
    public static let settings = ["url", "model", "streams", "tokens", "logprobs", "executor", "warmup"]

    /// The server's address.
    public let url: String
    /// The model's name, by which the load server knows how to send.
    public let model: String
    /// How many streams are read at a time.
    public let streams: Int
    /// How many tokens each stream has.
    public let tokens: Int
    /// Whether the tokens come with five log-probabilities.
    public let logprobs: Bool
    /// Whether the tasks run on the thread that reads from the network.
    public let isOnEngine: Bool
    private let warmup: Int

    /// A run as `settings` say.
    public init(_ settings: Settings) {
        url = settings.text("url", "http://127.0.0.1:8900")
        model = settings.text("model", "mock-coal")
        streams = settings.count("streams", 1)
        tokens = settings.count("tokens", 100_000)
        logprobs = settings.flag("logprobs")
        isOnEngine = settings.text("executor", "engine") == "engine"
        warmup = settings.count("warmup", 100)
    }

    /// Runs `read` for each stream and reports.
    /// - Parameters:
    ///   - executor: the thread of the network.
    ///   - read: reads one stream of so many tokens.
    public func run(on executor: any TaskExecutor, _ read: @escaping @Sendable (_ tokens: Int) async throws -> StreamTally) async throws {
        let preference = isOnEngine ? executor : nil
        if warmup > 0 { _ = try await all(warmup, preference, read) }
        let start = ProcessFigures.now
        let tallies = try await all(tokens, preference, read)
        let end = ProcessFigures.now
        let count = Double(streams * tokens)
        let delays = tallies.flatMap(\.delays).sorted()
        let first = tallies.map { $0.firstTime - start.time }.sorted()
        func microseconds(_ sorted: [Int64], _ share: Double) -> Double {
            sorted.isEmpty ? 0 : Double(sorted[Int(Double(sorted.count - 1) * share)]) / 1000
        }
        report([
            ("tokens", count), ("bytes", Double(tallies.reduce(0) { $0 + $1.bytes })),
            ("logprobs", Double(tallies.reduce(0) { $0 + $1.logprobs })), ("cpu_us", end.cpu - start.cpu),
            ("wall_us", Double(end.time - start.time) / 1000), ("first_us", microseconds(first, 0.5)),
            ("delay_p50_us", microseconds(delays, 0.5)), ("delay_p99_us", microseconds(delays, 0.99)),
            ("rss_kib", Double(ProcessFigures.residentKiB)),
        ])
    }

    private func all(
        _ tokens: Int, _ preference: (any TaskExecutor)?, _ read: @escaping @Sendable (Int) async throws -> StreamTally
    ) async throws -> [StreamTally] {
        try await withThrowingTaskGroup { group in
            for _ in 0..<streams { group.addTask(executorPreference: preference) { try await read(tokens) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
