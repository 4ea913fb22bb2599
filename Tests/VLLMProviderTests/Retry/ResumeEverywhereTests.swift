import HTTPTransport
import JSON
import Locks
import ProviderKit
import Testing
import VLLMSimulator

@testable import VLLMProvider

@Suite("Answers that break off anywhere", .timeLimit(.minutes(5)))
struct ResumeEverywhereTests {
    /// What a reader sees of an answer: its blocks from their pieces, and its end.
    private struct Seen: Equatable {
        var texts: [String] = []
        var starts = 0
        var reason: String?
        var tokens: [String] = []
    }

    private func read(
        _ question: String, _ settings: JSONObject, options: JSONObject, _ transport: CutTransport, of simulator: VLLMSimulator
    )
        async throws -> Seen
    {
        var all = settings
        all.merge(["base_url": .string(simulator.baseURL), "default_model": "tiny-chat", "max_retries": 3, "min_retry_delay": 0])
        let provider = try VLLMProvider(all, transport: transport)
        var seen = Seen()
        for try await event in provider.stream(ChatRequest(messages: [.user(question)]), options: options) {
            switch event {
            case .started: seen.starts += 1
            case .blockStarted: seen.texts.append("")
            case .blockDelta(let index, let text): seen.texts[index] += text
            case .logprobs(let tokens): seen.tokens += tokens.map(\.token)
            case .finished(let finish): seen.reason = finish.reason
            default: break
            }
        }
        return seen
    }

    /// Where a stream is cut: before, within and behind each of its events.
    private static func cuts(of body: [UInt8]) -> [Int] {
        var cuts: Set<Int> = [0, body.count]
        var start = 0
        for index in body.indices.dropFirst() where body[index] == 10 && body[index - 1] == 10 {
            cuts.formUnion([start + (index - start) / 2, index, index + 1])
            start = index + 1
        }
        return cuts.sorted()
    }

    @Test(
        "wherever a stream breaks off, the reader sees the answer of a stream that does not",
        arguments: ["chat", "completions"],
        [
            ("What is 2+2?", [:]), ("What is the capital of Brazil?", ["logprobs": 0]), ("Hello!", ["max_tokens": 12]),
            ("Name the planets.", ["chat_template_kwargs": ["enable_thinking": false]]),
        ] as [(String, JSONObject)])
    func everywhere(endpoint: String, call: (question: String, options: JSONObject)) async throws {
        let simulator = try VLLMSimulator()
        defer { simulator.stop() }
        let curl = CurlTransport()
        defer { curl.close() }
        let settings: JSONObject = ["use_completions": .bool(endpoint == "completions"), "temperature": 0]
        let uncut = CutTransport(transport: curl, cut: nil)
        let whole = try await read(call.question, settings, options: call.options, uncut, of: simulator)
        try #require(!whole.texts.isEmpty && whole.starts == 1)
        let cuts = Self.cuts(of: try #require(uncut.first.withLock { $0 }))
        try #require(cuts.count > 20)
        for cut in cuts {
            let transport = CutTransport(transport: curl, cut: cut)
            let seen = try await read(call.question, settings, options: call.options, transport, of: simulator)
            #expect(seen == whole, "cut behind byte \(cut)")
        }
    }
}
