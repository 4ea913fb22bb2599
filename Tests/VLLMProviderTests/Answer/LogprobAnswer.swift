import JSON
import Testing

/// An answer with log-probabilities that goes on in a second round.
struct LogprobAnswer: CustomTestStringConvertible {
    let testDescription: String
    let endpoint: String
    var options: JSONObject = [:]
    /// Its chunks, round by round; a round without `[DONE]` breaks off.
    let rounds: [[String]]
    /// What its blocks hold.
    let texts: [String]
    /// Its tokens, each with its block and its place in it.
    let tokens: [String]
    /// A part of what the server is asked for the second round.
    let asked: String
    /// Its tokens are told by their ids.
    var goesByIDs = false

    // White space at the end of a round is made anew, and so are tokens that have not shown.
    static let all = [
        LogprobAnswer(
            testDescription: "completion that breaks off in white space", endpoint: "completions",
            rounds: [
                completion("<think>", "\n", "I", " think", ".", "\n", "</think>", "\n\n", "One", ",", " two", ",", " ", "\n"),
                completion("\n", "three", "", " 三") + end(completion: "."),
            ],
            texts: ["I think.", "One, two,\nthree 三."],
            tokens: [
                "<think> at -1:-1", "\n at -1:-1", "I at 0:0", " think at 0:1", ". at 0:7", "\n at -1:-1", "</think> at -1:-1",
                "\n\n at -1:-1", "One at 1:0", ", at 1:3", " two at 1:4", ", at 1:8", "\n at 1:9", "three at 1:10", " at 1:15",
                " 三 at 1:15", ". at 1:17",
            ],
            asked: #""prompt":"<think>\nI think.\n</think>\n\nOne, two,""#),
        LogprobAnswer(
            testDescription: "completion with several tokens a chunk that breaks off in white space behind a token without text",
            endpoint: "completions",
            rounds: [[chunk("One"), chunk(","), chunk("", " ")], [chunk("", " "), chunk("two")] + end(completion: ".")],
            texts: ["One, two."], tokens: ["One at 0:0", ", at 0:3", " at 0:4", "  at 0:4", "two at 0:5", ". at 0:8"],
            asked: #""prompt":"One,""#),
        LogprobAnswer(
            testDescription: "completion with several tokens a chunk that breaks off in white space before a token without text",
            endpoint: "completions", rounds: [[chunk("One"), chunk(",", " ", "")], [chunk(" ", ""), chunk("二")] + end(completion: ".")],
            texts: ["One, 二."], tokens: ["One at 0:0", ", at 0:3", "  at 0:4", " at 0:5", "二 at 0:5", ". at 0:6"],
            asked: #""prompt":"One,""#),
        LogprobAnswer(
            testDescription: "completion with stop texts that its length cuts in white space", endpoint: "completions",
            options: ["continuation": 1, "stop": ["END"]],
            rounds: [
                completion("One", ",", " ", "\n") + end(completion: "\n", reason: "length"),
                completion("\n", " two", ",", " ", "three") + end(completion: "."),
            ],
            texts: ["One,\n two, three."],
            tokens: [
                "One at 0:0", ", at 0:3", "\n at 0:4", " two at 0:5", ", at 0:9", "  at 0:10", "three at 0:11", ". at 0:16",
            ],
            asked: #""prompt":"One,""#),
        LogprobAnswer(
            testDescription: "completion that breaks off, its token ids known to the provider alone", endpoint: "completions",
            options: ["continuation": 1],
            rounds: [
                completion(ids: [6, 7, 8, 9, 10, 20], "C", "af", "", "é,", " ", ""),
                completion(ids: [20, 21], "", "ß") + end(completion: ".", id: 22),
            ],
            texts: ["Café, ß."],
            tokens: [
                "C at 0:0", "af at 0:1", " at 0:3", "é, at 0:3", "  at 0:5", " at 0:6", "ß at 0:6", ". at 0:7",
            ],
            asked: "[1,2,6,7,8,9,10]"),
        LogprobAnswer(
            testDescription: "completion that its length cuts, its token ids known to the provider alone", endpoint: "completions",
            options: ["continuation": 1],
            rounds: [
                completion(ids: [6, 7, 8, 9, 10], "C", "af", "", "é,", " ") + end(completion: " ", reason: "length", id: 11),
                completion(ids: [20, 21], "", "ß") + end(completion: ".", id: 22),
            ],
            texts: ["Café,  ß."],
            tokens: [
                "C at 0:0", "af at 0:1", " at 0:3", "é, at 0:3", "  at 0:5", "  at 0:6", " at 0:7", "ß at 0:7", ". at 0:8",
            ],
            asked: "[1,2,6,7,8,9,10,11]"),
        LogprobAnswer(
            testDescription: "chat that its length cuts in white space behind a thought", endpoint: "chat", options: ["continuation": 1],
            rounds: [
                silent("<think>") + chat("reasoning", "I", " think", ".", "\n") + silent("</think>")
                    + chat("content", "\n\n", "One", ",", " ")
                    + end(chat: "\n", reason: "length"),
                chat("content", "\n", "two") + silent("") + chat("content", " 三", "!") + end(chat: "."),
            ],
            texts: ["I think.", "One,\ntwo 三!."],
            tokens: [
                "<think> at -1:-1", "I at 0:0", " think at 0:1", ". at 0:7", "\n at -1:-1", "</think> at -1:-1", "\n\n at -1:-1",
                "One at 1:0", ", at 1:3", "\n at 1:4", "two at 1:5", " at 1:8", " 三 at 1:8", "! at 1:10", ". at 1:11",
            ],
            asked: #""content":"\n\nOne,""#),
        LogprobAnswer(
            testDescription: "chat that breaks off within its thought", endpoint: "chat",
            rounds: [
                silent("<think>") + chat("reasoning", "I", " think", ".", "\n") + silent("</think>") + chat("content", "\n", "\n"),
                chat("reasoning", "\n", "Yes", ".") + silent("</think>") + chat("content", "\n\n", "One", " two") + end(chat: "."),
            ],
            texts: ["I think.\nYes.", "One two."],
            tokens: [
                "<think> at -1:-1", "I at 0:0", " think at 0:1", ". at 0:7", "\n at 0:8", "Yes at 0:9", ". at 0:12", "</think> at -1:-1",
                "\n\n at -1:-1", "One at 1:0", " two at 1:3", ". at 1:7",
            ],
            asked: #""content":"<think>\nI think.""#),
        LogprobAnswer(
            testDescription: "chat that breaks off in white space, its tokens told by their ids", endpoint: "chat",
            options: ["return_tokens_as_token_ids": true],
            rounds: [
                chat("content", ids: [7, 8, 9], "One", ",", " "), chat("content", ids: [9, 10], " ", "two") + end(chat: ".", id: 11),
            ],
            texts: ["One, two."],
            tokens: [
                "token_id:7 at -1:-1", "token_id:8 at -1:-1", "token_id:9 at -1:-1", "token_id:10 at -1:-1", "token_id:11 at -1:-1",
            ],
            asked: #""content":"One,""#, goesByIDs: true),
    ]

    /// Chunks of a completion, one a token.
    private static func completion(ids: [Int]? = nil, _ tokens: String...) -> [String] {
        tokens.indices.map { chunk(tokens[$0], id: ids?[$0]) }
    }

    /// A chunk of a completion.
    private static func chunk(_ tokens: String..., id: Int? = nil, reason: JSONValue = .null) -> String {
        let logprobs = tokens.map { JSONValue.double(logprob(of: $0)) }
        let told: JSONValue = [
            "tokens": .array(tokens.map { .string($0) }), "token_logprobs": .array(logprobs),
            "top_logprobs": .array(zip(tokens, logprobs).map { JSONValue.object([$0: $1, "x": -9]) }),
            "text_offset": .array(tokens.map { _ in 0 }),
        ]
        return completionChunk(
            tokens.joined(), finishReason: reason, ["logprobs": told, "token_ids": id.map { [.integer($0)] } ?? .null])
    }

    /// Some log-probability, which tells tokens apart.
    private static func logprob(of token: String) -> Double { -0.125 * Double(token.utf8.count + 1) }

    private static func end(completion token: String, reason: JSONValue = "stop", id: Int? = nil) -> [String] {
        [chunk(token, id: id, reason: reason), "[DONE]"]
    }

    /// Chunks of a chat, one a token.
    private static func chat(_ key: String, ids: [Int]? = nil, _ tokens: String...) -> [String] {
        tokens.indices.map { index in
            chatChunk([key: .string(tokens[index])], logprobs: logprobs(ids.map { "token_id:\($0[index])" } ?? tokens[index]))
        }
    }

    /// A chunk of a chat whose token has no text.
    private static func silent(_ token: String) -> [String] { [chatChunk([:], logprobs: logprobs(token))] }

    private static func end(chat token: String, reason: JSONValue = "stop", id: Int? = nil) -> [String] {
        [chatChunk(["content": .string(token)], finishReason: reason, logprobs: logprobs(id.map { "token_id:\($0)" } ?? token)), "[DONE]"]
    }

    private static func logprobs(_ token: String) -> JSONValue {
        func told(_ token: String, _ logprob: Double) -> JSONObject {
            ["token": .string(token), "logprob": .double(logprob), "bytes": .array(token.utf8.map { .integer(Int($0)) })]
        }
        let own = told(token, logprob(of: token))
        return ["content": [.object(own.with(["top_logprobs": [.object(own), .object(told("x", -9))]]))]]
    }
}
