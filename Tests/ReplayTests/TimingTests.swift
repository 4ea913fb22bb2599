import JSON
import ProviderKit
import SessionLog
import TestSupport
import Testing
import Timestamps

@testable import Replay

@Suite struct TimingTests {
    /// A log with one call that took `seconds`, and the tokens of its answer.
    private static func log(_ folder: String, seconds: Int, tokens: [String], deltas: [Int] = []) throws -> String {
        let path = folder + "/events.jsonl"
        let writer = try SessionLogWriter(path: path, sessionID: "s", filter: EventFilter(exclude: []))
        let base: JSONObject = ["provider": "vllm", "model": "m", "request_id": "r"]
        func append(_ name: String, _ second: Int, _ members: JSONObject) {
            var payload = base
            payload.merge(members)
            writer.append(name, payload, at: LogTimestamp(seconds: 1000 + second))
        }
        let text = tokens.joined()
        var answer = ChatResponse(content: [.text(TextBlock(text))], finishReason: "stop")
        answer.logprobs = tokens.map { token in
            var logprob = TokenLogprob(token: token, logprob: -0.5)
            logprob.blockIndex = 0
            return logprob
        }
        append(EventName.llmRequest, 0, ["stream": true])
        append(EventName.llmCallRaw, 0, ["data": ["request": ChatRequest(messages: [.user("Hi")]).json, "options": [:]]])
        if !deltas.isEmpty { append(EventName.llmStreamBlockStart, deltas[0], ["block_index": 0, "block_type": "text"]) }
        for second in deltas { append(EventName.llmStreamBlockDelta, second, ["block_index": 0, "block_type": "text", "text": "x"]) }
        append(EventName.llmResponseRaw, seconds, ["data": ["response": answer.json]])
        append(EventName.llmResponse, seconds, ["status": "ok", "duration_ms": .integer(seconds * 1000)])
        writer.close()
        return path
    }

    private static func steps(_ path: String) throws -> [AnswerStep] {
        let calls = RecordedCalls(try RecordedSession.read(log: path), match: .strict).calls
        let call = try #require(calls.first)
        guard case .answered(let answer) = call.outcome else { return [] }
        return answer.steps(model: "m", isComplete: true, pacing: AnswerPacing(call.call, answer.content, tokens: answer.logprobs ?? []))
    }

    private static func deltas(_ steps: [AnswerStep]) -> [(Duration, String)] {
        steps.flatMap { step in
            step.events.compactMap { if case .blockDelta(_, let text) = $0 { (step.offset, text) } else { nil } }
        }
    }

    @Test("an answer comes in its tokens, spread over its time, where the log has no more of it")
    func tokens() throws {
        try withTemporaryDirectory { folder in
            let steps = try Self.steps(try Self.log(folder, seconds: 8, tokens: ["ab", "cd", "ef", "gh"]))
            let deltas = Self.deltas(steps)
            #expect(deltas.map(\.1) == ["ab", "cd", "ef", "gh"])
            #expect(deltas.map(\.0) == [.zero, .seconds(2), .seconds(4), .seconds(6)])
            #expect(steps.last?.offset == .seconds(8))
        }
    }

    @Test("it comes when its pieces came, where the log has them")
    func pieces() throws {
        try withTemporaryDirectory { folder in
            let deltas = Self.deltas(try Self.steps(try Self.log(folder, seconds: 8, tokens: ["abc", "def"], deltas: [1, 5, 7])))
            #expect(deltas.map(\.1) == ["ab", "cd", "ef"])
            #expect(deltas.map(\.0) == [.seconds(1), .seconds(5), .seconds(7)])
        }
    }

    @Test("whoever stops waiting for an answer at its recorded pace is not held up, and keeps what has come")
    func cancelling() async throws {
        try await withTemporaryDirectory { folder in
            let replay = try ReplayProvider(try Self.log(folder, seconds: 3600, tokens: ["ab", "cd"]), ["timing": "recorded"])
            let (came, come) = AsyncStream.makeStream(of: String.self)
            let reading = Task { () -> ProviderError? in
                do throws(ProviderError) {
                    for try await event in replay.stream(ChatRequest(messages: [.user("Hi")])) {
                        if case .blockDelta(_, let text) = event { come.yield(text) }
                    }
                    return nil
                } catch { return error }
            }
            for await text in came {
                #expect(text == "ab")
                break
            }
            reading.cancel()
            let error = try #require(await reading.value)
            #expect(error.code == .cancelled && error.partialResponse?.text == "ab")
            // So is one whose provider is closed.
            let second = Task { await replay.says("Hi") }
            await replay.close()
            #expect(await second.value.contains("closed"))
        }
    }

    @Test("text is cut into pieces that are the text", arguments: ["", "a", "  two  words\n", "naïve e\u{301}tude", "👩‍👩‍👧 family"])
    func cutting(_ text: String) {
        #expect(TextPieces.words(text).joined() == text)
        for count in [0, 1, 3, 100] { #expect(TextPieces.split(text, into: count).joined() == text) }
    }
}
