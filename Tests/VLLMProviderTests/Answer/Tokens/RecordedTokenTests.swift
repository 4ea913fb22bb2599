import JSON
import ProviderKit
import TestSupport
import Testing

@Suite("Tokens that real servers told")
struct RecordedTokenTests {
    private static let chat = [false, true].flatMap { Recording.whole("/v1/chat/completions", streamed: $0) }
    private static let completions = [false, true].flatMap { Recording.whole("/v1/completions", streamed: $0) }
    private static let withLogprobs = (chat + completions).filter { name in
        (try? Recording(name))?.parts.contains { part in
            part["choices"]?.array?.contains { $0["logprobs"]?.object != nil } == true
        } == true
    }

    /// The log-probabilities of the tokens of a recording, in the order of its choices.
    private func raw(_ recording: Recording) -> [Double?] {
        let choices = recording.parts.flatMap { $0["choices"]?.array ?? [] }
        let indices = Set(choices.compactMap { $0["index"]?.int }).sorted()
        return indices.flatMap { index in
            choices.filter { $0["index"]?.int == index }.flatMap { choice -> [Double?] in
                let logprobs = choice["logprobs"]
                return (logprobs?["content"]?.array ?? []).map { $0["logprob"]?.double }
                    + (logprobs?["token_logprobs"]?.array ?? []).map(\.double)
            }
        }
    }

    @Test("each token of a recording is told once, with its log-probability", arguments: withLogprobs)
    func complete(name: String) async throws {
        let recording = try Recording(name)
        let told = try #require(try await recording.provided().logprobs)
        #expect(told.map(\.logprob) == raw(recording))
    }

    @Test("tokens stand in their blocks where it is said, and what is in the blocks is in tokens", arguments: withLogprobs)
    func places(name: String) async throws {
        let response = try await Recording(name).provided()
        let told = try #require(response.logprobs)
        // With ids in place of texts, completions do not say what the tokens are.
        guard told.contains(where: { $0.blockIndex != nil }) else {
            #expect(told.allSatisfy { $0.token.hasPrefix("token_id:") })
            return
        }
        for (index, block) in response.content.enumerated() {
            guard let text = block.text ?? block.thinking, !text.isEmpty else { continue }
            let scalars = Array(text.unicodeScalars)
            var covered = 0
            for token in told where token.blockIndex == index {
                let offset = try #require(token.textOffset)
                #expect(offset <= covered, "\(token.token) leaves something out")
                // Broken characters, and the blank lines before a block, are not in its text.
                guard let said = token.bytes.map({ String(decoding: $0, as: UTF8.self) }), !said.isEmpty else {
                    covered = token.bytes == nil ? scalars.count : covered
                    continue
                }
                let shown = scalars[offset...].prefix(said.unicodeScalars.count).reduce(into: "") { $0.unicodeScalars.append($1) }
                #expect(said.hasPrefix(shown) || said.hasSuffix(shown))
                covered = offset + shown.unicodeScalars.count
            }
            #expect(covered == scalars.count)
        }
    }

    @Test(
        "streamed tokens are those of the answer in one piece, at the same places",
        arguments: [
            ("chat_logprobs_stream", "chat_logprobs"), ("completion_logprobs_stream", "completion_logprobs"),
            ("chat_return_token_ids_stream", "chat_return_token_ids"),
            ("completion_return_token_ids_stream", "completion_return_token_ids"),
        ])
    func streamed(stream: String, whole: String) async throws {
        func said(_ name: String) async throws -> JSONValue {
            let response = try await Recording(name).provided()
            let tokens = (response.logprobs ?? []).map { token in
                [token.token, "\(token.blockIndex ?? -1)", "\(token.textOffset ?? -1)", "\(token.tokenID ?? -1)"].joined(separator: " ")
            }
            return [
                .array(tokens.map { .string($0) }), response.json["token_ids"] ?? .null, response.json["prompt_token_ids"] ?? .null,
            ]
        }
        let streamed = try await said(stream)
        #expect(streamed == (try await said(whole)))
        #expect(streamed != [[], .null, .null])
    }

    @Test("a chat's tokens are at the places that the model's own text has", arguments: ["chat_logprobs", "chat_logprobs_token_ids"])
    func chatPlaces(name: String) async throws {
        let response = try await Recording(name).provided()
        let places = response.logprobs?.map { token in token.blockIndex.map { "\($0):\(token.textOffset ?? -1)" } ?? "-" }
        #expect(places == ["-", "-", "0:0", "0:1", "0:2", "0:3", "0:6", "0:8", "-", "-", "-", "-", "1:0", "-"])
    }

    @Test("ids in place of texts are token ids, of the token and of the alternatives")
    func names() async throws {
        let response = try await Recording("chat_logprobs_token_ids").provided()
        let first = try #require(response.logprobs?.first)
        #expect(first.tokenID == 3)
        #expect(first.bytes == Array("<think>".utf8))
        #expect(first.topLogprobs.map(\.tokenID) == [3])
        #expect(first.topLogprobs.map(\.bytes) == [nil])
    }

    @Test("an echoed prompt's first token is there, without a log-probability, and the prompt's log-probabilities are")
    func echo() async throws {
        let response = try await Recording("completion_echo_logprobs").provided()
        let first = try #require(response.logprobs?.first)
        #expect(first.token == "The")
        #expect(first.logprob == nil)
        #expect(first.blockIndex == 0)
        #expect(response.logprobs?.map(\.textOffset) == [0, 3, 11, 14, 21, 24, 30, nil])
        let prompt = try #require(response.promptLogprobs)
        #expect(prompt.map { $0?.token } == [nil, " capital", " of", " France", " is"])
        #expect(prompt.map { $0?.tokenID } == [nil, 342, 314, 453, 274])
        #expect(prompt[3]?.rank == 331)
        #expect(prompt[3]?.topLogprobs.map(\.token) == [" France", " Spain"])
    }

    @Test("the prompt's log-probabilities of a chat are those of its tokens")
    func promptLogprobs() async throws {
        let name = try #require(Self.chat.first { (try? Recording($0))?.parts.contains { $0["prompt_logprobs"]?.array != nil } == true })
        let raw = try #require(try Recording(name).parts.first?["prompt_logprobs"]?.array)
        let told = try #require(try await Recording(name).provided().promptLogprobs)
        #expect(told.count == raw.count)
        for (token, candidates) in zip(told, raw) {
            #expect(token?.tokenID == candidates.object?.first.flatMap { Int($0.key) })
            #expect(token?.logprob == candidates.object?.first?.value["logprob"]?.double)
        }
    }
}
