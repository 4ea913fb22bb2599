import HTTPTransport
import JSON
import ProviderKit
import Testing

@testable import VLLMProvider

@Suite("Text that arrives together")
struct JoinedDeltaTests {
    /// What a reader sees of an answer, in short: `thinking…`, `0+text` for a delta of block 0, `logprobs 2 at 5`, `ids 7 8`.
    private func seen(_ transport: ScriptedTransport, _ settings: JSONObject = [:], options: JSONObject = [:]) async throws -> [String] {
        let provider = try VLLMProvider((["max_retries": 0] as JSONObject).with(settings), transport: transport)
        var seen: [String] = []
        for try await event in provider.stream(ChatRequest(messages: [.user("Hi")]), options: options) {
            switch event {
            case .blockStarted(let start): seen.append("\(start.kind.name) of \(start.choice)")
            case .blockDelta(let index, let text): seen.append("\(index)+\(text)")
            case .logprobs(let tokens): seen += tokens.map { "\($0.token) at \($0.textOffset ?? -1)" }
            case .tokenIDs(_, let ids): seen.append("ids \(ids)")
            case .finished(let finish): seen.append(finish.reason ?? "nothing")
            default: break
            }
        }
        return seen
    }

    private func chat(_ batches: [[String]]) -> ScriptedTransport {
        ScriptedTransport([.batches(batches + [[chatChunk([:], finishReason: "stop"), "[DONE]"]])])
    }

    @Test("is one delta in either endpoint; what comes later is another one", arguments: ["chat", "completions"])
    func together(endpoint: String) async throws {
        func chunk(_ text: String) -> String { endpoint == "chat" ? chatChunk(["content": .string(text)]) : completionChunk(text) }
        let end = endpoint == "chat" ? chatChunk([:], finishReason: "stop") : completionChunk("", finishReason: "stop")
        let answer = ScriptedExchange.batches([
            [chunk("One"), chunk(""), chunk(", two"), chunk(" 三")], [chunk(", four.")], [end, "[DONE]"],
        ])
        let seen = try await seen(.completions(answer), ["use_completions": .bool(endpoint == "completions")])
        #expect(seen == ["text of 0", "0+One, two 三", "0+, four.", "stop"])
    }

    @Test("keeps the order of reasoning and text, of choices and of calls")
    func order() async throws {
        let transport = chat([
            [
                chatChunk(["role": "assistant", "content": ""]), chatChunk(["reasoning": "I "]), chatChunk(["reasoning": "think."]),
                chatChunk(["content": "So"]), chatChunk(["content": " it is"]), chatChunk(["content": "So"], index: 1),
                chatChunk(["content": " not"], index: 1), chatChunk(["content": "."]),
                chatChunk(["tool_calls": [["index": 0, "id": "c1", "function": ["name": "f", "arguments": "{}"]]]]),
                chatChunk([:], finishReason: "stop", index: 1),
            ]
        ])
        let seen = try await seen(transport, ["use_completions": false])
        #expect(
            seen == [
                "thinking of 0", "0+I think.", "text of 0", "1+So it is", "text of 1", "2+So not", "1+.", "tool_use of 0", "3+{}",
                "tool_calls",
            ])
    }

    private static func chunk(_ text: String, token: String) -> String {
        completionChunk(
            text, ["logprobs": ["tokens": [.string(token)], "token_logprobs": [-1], "top_logprobs": .null, "text_offset": [0]]])
    }

    @Test("is one delta with log-probabilities, too, and each token keeps its place")
    func logprobs() async throws {
        // The second byte of a character is still to come when its first one is told.
        let told = [("One", "One"), (",", ","), ("", ""), (" 三", "三"), ("", "")].map { Self.chunk($0, token: $1) }
        let answer = ScriptedExchange.batches([told, [Self.chunk("!", token: "!")], [completionChunk("", finishReason: "stop"), "[DONE]"]])
        let seen = try await seen(.completions(answer), options: ["logprobs": 0])
        #expect(seen.filter { $0.contains("+") } == ["0+One,", "0+ 三", "0+!"])
        #expect(seen.filter { $0.contains(" at ") } == ["One at 0", ", at 3", " at 4", "三 at 5", " at 6", "! at 6"])
    }

    @Test("is told token by token where the tokens go by their ids")
    func namedTokens() async throws {
        let told = [Self.chunk("One", token: "token_id:7"), Self.chunk(", two", token: "token_id:8")]
        let answer = ScriptedExchange.batches([told, [completionChunk("", finishReason: "stop"), "[DONE]"]])
        let seen = try await seen(.completions(answer), options: ["logprobs": 0, "return_tokens_as_token_ids": true])
        #expect(seen.filter { $0.contains("+") } == ["0+One", "0+, two"])
    }

    @Test("is told token by token with ids that were asked for, and joined where only the provider needs them")
    func tokenIDs() async throws {
        func chunk(_ text: String, _ id: Int) -> String { completionChunk(text, ["token_ids": [.integer(id)]]) }
        let answer = ScriptedExchange.batches([
            [chunk("One", 7), chunk(", two", 8)], [completionChunk("", finishReason: "stop"), "[DONE]"],
        ])
        let asked = try await seen(.completions(answer), options: ["return_token_ids": true])
        #expect(asked == ["text of 0", "0+One", "ids [7]", "0+, two", "ids [8]", "stop"])
        let hidden = try await seen(.completions(answer), ["continuation": 1])
        #expect(hidden == ["text of 0", "0+One, two", "stop"])
    }

    @Test("a stream that breaks off goes on behind the last token whose text has come, also where all came at once")
    func silentTokens() async throws {
        @Sendable func chunk(_ text: String, _ id: Int, _ reason: JSONValue = .null) -> String {
            completionChunk(text, finishReason: reason, ["token_ids": [.integer(id)]])
        }
        let cut = ScriptedExchange.Step.fail(TransportError(.connectionLost, "the connection broke"))
        // The second byte of a character is still to come when it breaks off, and so it is within the batch.
        let broken = ScriptedExchange.batches(
            [[chunk("Caf", 7), chunk("", 8), chunk("é, ", 9), chunk("tea", 10), chunk("", 20)]], ending: [cut])
        let rest = ScriptedExchange.batches([[chunk("", 20), chunk("ß", 21), chunk(".", 22, "stop"), "[DONE]"]])
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            switch request.path {
            case "/tokenize": return .json(["tokens": [1, 2], "count": 2])
            case "/detokenize": return .json(["prompt": "assistant\n"])
            default: return String(decoding: request.body ?? [], as: UTF8.self).contains("[1,2,7,8,9,10]") ? rest : broken
            }
        })
        let settings: JSONObject = ["continuation": 1, "max_retries": 1, "min_retry_delay": 0]
        let answer = try await VLLMProvider(settings, transport: transport).ask("Where?")
        #expect(answer.text == "Café, teaß.")
        #expect(try transport.bodies("/v1/completions").map { $0["prompt"] } == [[1, 2], [1, 2, 7, 8, 9, 10]])
    }

    @Test("white space at the end of a batch waits for what follows it, and is made anew where the stream breaks off")
    func blanks() async throws {
        let cut = ScriptedExchange.Step.fail(TransportError(.connectionLost, "the connection broke"))
        let broken = ScriptedExchange.batches(
            [[chatChunk(["content": "One,"]), chatChunk(["content": " two,"]), chatChunk(["content": " \n"])]], ending: [cut])
        let rest = ScriptedExchange.batches([
            [chatChunk(["content": "\n"]), chatChunk(["content": "three."])], [chatChunk([:], finishReason: "stop"), "[DONE]"],
        ])
        let settings: JSONObject = ["use_completions": false, "max_retries": 1, "min_retry_delay": 0]
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            if request.path != "/v1/chat/completions" { return .json(["tokens": [1, 2], "count": 2]) }
            return String(decoding: request.body ?? [], as: UTF8.self).contains("continue_final_message") ? rest : broken
        })
        let seen = try await seen(transport, settings)
        #expect(seen.filter { $0.contains("+") }.map { $0.dropFirst(2) }.joined() == "One, two,\nthree.")
    }
}
