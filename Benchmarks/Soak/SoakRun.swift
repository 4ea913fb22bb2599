import Configuration
import JSON
import Locks
import ProviderKit
import VLLMProvider

/// A number of requests, so many at once, to a server that makes trouble.
struct SoakRun {
    let baseURLs: [String]
    let requestCount: Int
    let concurrency: Int
    let faultRate: Int

    /// What came of it.
    struct Outcome {
        var tally: SoakTally
        /// Before the provider was made, after each tenth of the requests, and when the provider was closed.
        var figures: [ProcessFigures]
        var seconds: Double
        var retries: Int
    }

    /// Asks, reads and counts.
    func run() async throws -> Outcome {
        let start = ContinuousClock.now
        let retries = RetryCounter()
        let tally = Guarded(SoakTally())
        // The runtime opens descriptors of its own for its timers when it is first asked to sleep.
        try await Task.sleep(for: .milliseconds(1))
        var figures = [ProcessFigures()]
        figures += try await asked(tally, retries)
        figures.append(await Self.settled(as: figures[0]))
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return Outcome(tally: tally.withLock { $0 }, figures: figures, seconds: seconds, retries: retries.count)
    }

    /// Asks everything, of providers that are gone when this returns.
    private func asked(_ tally: Guarded<SoakTally>, _ retries: RetryCounter) async throws -> [ProcessFigures] {
        let providers = try [true, false].map { try provider(usesCompletions: $0, retries) }
        let next = Guarded(0)
        var figures: [ProcessFigures] = []
        for tenth in 1...10 {
            let end = requestCount * tenth / 10
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<concurrency {
                    group.addTask {
                        while let number = Self.next(next, before: end) { await ask(number, providers[number % 2], tally) }
                    }
                }
            }
            figures.append(ProcessFigures())
        }
        for provider in providers { await provider.close() }
        return figures
    }

    private static func next(_ next: Guarded<Int>, before end: Int) -> Int? {
        next.withLock { next in
            guard next < end else { return nil }
            next += 1
            return next
        }
    }

    private func ask(_ number: Int, _ provider: VLLMProvider, _ tally: Guarded<SoakTally>) async {
        let fault = SoakFault.of(number, rate: faultRate)
        let request = ChatRequest(messages: [.user(SoakAnswer.question(number))])
        let streams = scrambled(number) >> 60 != 0
        do throws(ProviderError) {
            let options: JSONObject = ["use_streaming": .bool(streams), "request_id": .string(SoakAnswer.requestID(number))]
            let text = try await provider.complete(request, options: options).text
            tally.withLock { $0.add(text, to: number, fault: fault) }
        } catch {
            tally.withLock { $0.add(error, to: number, fault: fault) }
        }
    }

    private func provider(usesCompletions: Bool, _ events: RetryCounter) throws -> VLLMProvider {
        let configuration: JSONObject = [
            "base_url": .string(baseURLs[0]), "base_urls": .array(baseURLs.map { .string($0) }), "use_completions": .bool(usesCompletions),
            "prompt_format": "plain",
            "default_model": "tiny-chat", "first_byte_timeout": 2, "stream_idle_timeout": 2, "max_tokens": 1024, "max_retries": 5,
            "min_retry_delay": 0.05, "max_retry_delay": 2, "retry_burst": .integer(requestCount),
            // Faults come with requests here and not with servers: none of these is left alone.
            "circuit_breaker_threshold": 0,
        ]
        return try VLLMProvider(
            configuration: ConfigurationNode(json: .object(configuration), origin: .default), context: ProviderContext(events: events))
    }

    /// The figures when what ends in the background has ended: threads and connections that are being closed.
    private static func settled(as start: ProcessFigures) async -> ProcessFigures {
        for _ in 0..<100 where ProcessFigures().descriptors > start.descriptors { try? await Task.sleep(for: .milliseconds(20)) }
        return ProcessFigures()
    }
}

/// Counts the retries that the provider tells of.
final class RetryCounter: EventSink {
    private let counter = Guarded(0)

    var count: Int { counter.withLock { $0 } }

    func wants(_ name: String) -> Bool { name == "provider:retry" }

    func emit(_ name: String, _ data: JSONObject) { counter.withLock { $0 += 1 } }
}
