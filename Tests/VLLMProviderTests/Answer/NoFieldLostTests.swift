import JSON
import ProviderKit
import TestSupport
import Testing

/// Everything that a server says is found in the response, or is in the list of what is said there otherwise.
@Suite("Of what servers said, nothing is lost")
struct NoFieldLostTests {
    /// A value with the key that it is under.
    private struct Leaf: Hashable {
        var key: String
        var value: JSONValue

        /// A leaf; numbers are equal however they are spelled.
        init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value.number.flatMap { number in number.int == nil ? .double(number.double) : nil } ?? value
        }
    }

    /// The contract's words for the server's.
    private static let names = [
        "prompt_tokens": "input_tokens", "completion_tokens": "output_tokens", "cached_tokens": "cache_read_tokens",
        "created_cache_tokens": "cache_write_tokens", "tokens": "token", "token_logprobs": "logprob", "decoded_token": "token",
    ]

    /// What the response says otherwise, and where it is tested.
    private static let otherwise: [String: String] = [
        "object": "which endpoint answered is the host's choice",
        "content": "text is in the blocks, without markup and blank lines around it: DialogueTests, RecordedAnswerTests",
        "text": "text is in the blocks, without markup and blank lines around it: DialogueTests, RecordedAnswerTests",
        "reasoning": "thinking blocks: DialogueTests, RecordedAnswerTests",
        "arguments": "objects in the blocks: DialogueTests, RecordedAnswerTests",
        "type": "a tool call is a block of that type",
        "text_offset": "the sum of the tokens' lengths, which is tested here; the response has places in blocks",
    ]

    private static let recordings = ["/v1/chat/completions", "/v1/completions"].flatMap { path in
        [false, true].flatMap { Recording.whole(path, streamed: $0) }
    }

    @Test("each value of a recorded answer is in the response", arguments: recordings)
    func nothingIsLost(name: String) async throws {
        let recording = try Recording(name)
        let response = try await recording.provided(["repair_tool_calls": true])
        let kept = Self.leaves(response.json, key: "").reduce(into: Set<Leaf>()) { $0.insert($1) }
        var lost = Set<Leaf>()
        let parts = recording.parts
        for (index, part) in parts.enumerated() {
            // Where every chunk has a usage, the last one counts.
            let isCounted = index == parts.count - 1
            let told = isCounted ? part : .object(JSONObject((part.object ?? [:]).filter { $0.key != "usage" }.map { ($0.key, $0.value) }))
            for leaf in Self.leaves(told, key: "") where !Self.isSaidOtherwise(leaf) && !kept.contains(leaf) { lost.insert(leaf) }
        }
        #expect(lost.map { "\($0.key): \($0.value)" }.sorted() == [])
    }

    @Test("text_offset of completions says no more than the tokens do", arguments: Recording.whole("/v1/completions", streamed: false))
    func textOffsets(name: String) throws {
        for choice in try Recording(name).parts.flatMap({ $0["choices"]?.array ?? [] }) {
            guard let logprobs = choice["logprobs"], let tokens = logprobs["tokens"]?.array else { continue }
            var offset = 0
            for (token, told) in zip(tokens, logprobs["text_offset"]?.array ?? []) {
                #expect(told.int == offset)
                offset += token.string?.unicodeScalars.count ?? 0
            }
        }
    }

    @Test("the recordings hold what the test is for")
    func coverage() throws {
        let told = try Self.recordings.flatMap { try Recording($0).parts }.flatMap { Self.leaves($0, key: "") }
        let keys = Set(told.map(\.key))
        let wanted = [
            "token", "logprob", "token_ids", "prompt_token_ids", "token_id", "rank", "stop_reason", "finish_reason", "system_fingerprint",
            "cache_read_tokens", "reasoning_tokens", "time_to_first_token_ms", "prompt_text", "response_id",
        ]
        #expect(wanted.filter { !keys.contains($0) } == [])
        #expect(Self.recordings.count > 100)
    }

    private static func isSaidOtherwise(_ leaf: Leaf) -> Bool {
        if otherwise[leaf.key] != nil { return true }
        switch leaf.key {
        case "role": return leaf.value == "assistant"
        case "index": return true
        // Bytes of broken characters and of names are not the token's: TokenNameTests.
        case "bytes": return true
        default: return false
        }
    }

    /// All values that are not null, with their keys in the contract's words.
    private static func leaves(_ value: JSONValue, key: String) -> [Leaf] {
        switch value {
        case .null: return []
        case .array(let elements): return elements.flatMap { leaves($0, key: key) }
        case .object(let members):
            return members.flatMap { member -> [Leaf] in
                let name = String(member.key.hasPrefix("vllm:") ? member.key.dropFirst(5) : member.key[...])
                switch (key, member.value) {
                // Objects with texts or ids of tokens as keys.
                case ("top_logprobs", .number) where members["token"] == nil:
                    return [Leaf("token", .string(member.key)), Leaf("logprob", member.value)]
                case ("prompt_logprobs", .object) where Int(member.key) != nil:
                    return [Leaf("token_id", .integer(Int(member.key) ?? 0))] + leaves(member.value, key: "")
                case ("", .string) where member.key == "id": return [Leaf("response_id", member.value)]
                default: return leaves(member.value, key: names[name] ?? name)
                }
            }
        default: return [Leaf(key, value)]
        }
    }
}
