import HTTPTransport
import JSON
import Locks
import ProviderKit
import Testing

@testable import VLLMProvider

@Suite("Log-probabilities that arrive together", .timeLimit(.minutes(1)))
struct JoinedLogprobTests {
    /// What a reader sees of an answer, and what the server was asked.
    private struct Seen: Equatable {
        /// The blocks from their pieces.
        var texts: [String] = []
        var tokenIDs: [Int] = []
        var response: ChatResponse
        var requests: [String] = []
    }

    private func read(_ answer: LogprobAnswer, together: Bool) async throws -> (seen: Seen, deltaCount: Int) {
        let lost = ScriptedExchange.Step.fail(TransportError(.connectionLost, "the connection broke"))
        let rounds = Guarded(
            answer.rounds.map { round in
                ScriptedExchange.batches(together ? [round] : round.map { [$0] }, ending: round.last == "[DONE]" ? [] : [lost])
            })
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            switch request.path {
            case "/tokenize": .json(["tokens": [1, 2], "count": 2])
            case "/detokenize": .json(["prompt": "assistant\n"])
            case "/version": .json(["version": "0.32.0"])
            default: rounds.withLock { $0.isEmpty ? .failing(TransportError(.other, "no more rounds")) : $0.removeFirst() }
            }
        })
        let settings: JSONObject = ["use_completions": .bool(answer.endpoint == "completions"), "max_retries": 1, "min_retry_delay": 0]
        let provider = try VLLMProvider(settings, transport: transport)
        var (texts, ids, deltaCount, gatherer) = ([String](), [Int](), 0, ResponseGatherer())
        let options = answer.options.with(["logprobs": 1])
        for try await event in provider.stream(ChatRequest(messages: [.user("Count.")]), options: options) {
            gatherer.add(event)
            switch event {
            case .blockStarted: texts.append("")
            case .blockDelta(let index, let text):
                texts[index] += text
                deltaCount += 1
            case .tokenIDs(_, let more): ids += more
            default: break
            }
        }
        let requests = transport.requests.map { "\($0.path) \(String(decoding: $0.body ?? [], as: UTF8.self))" }
        return (Seen(texts: texts, tokenIDs: ids, response: gatherer.response, requests: requests), deltaCount)
    }

    @Test("lead to the same answer and the same requests as those that come one by one", arguments: LogprobAnswer.all)
    func together(answer: LogprobAnswer) async throws {
        let apart = try await read(answer, together: false)
        let together = try await read(answer, together: true)
        #expect(together.seen == apart.seen)
        #expect(answer.goesByIDs || together.deltaCount < apart.deltaCount)
        #expect(together.seen.texts == answer.texts)
        #expect(together.seen.response.content.compactMap { $0.text ?? $0.thinking } == answer.texts)
        let tokens = together.seen.response.logprobs ?? []
        #expect(tokens.map { "\($0.token) at \($0.blockIndex ?? -1):\($0.textOffset ?? -1)" } == answer.tokens)
        #expect(tokens.allSatisfy { $0.topLogprobs.first?.token == $0.token && $0.topLogprobs.first?.logprob == $0.logprob })
        #expect(together.seen.tokenIDs.isEmpty)
        #expect(together.seen.requests.contains { $0.contains(answer.asked) })
    }
}
