import JSON
import ProviderKit
import Testing

@Suite("The steps of an answer as JSON")
struct ProviderEventJSONTests {
    private static let token: JSONValue = ["token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []]
    private static let metadata: JSONValue = ["raw_finish_reason": "stop"]

    static let events: [JSONValue] = [
        ["type": "started", "id": "cmpl-1", "model": "m"],
        ["type": "started", "model": "m"],
        ["type": "block_start", "index": 0, "block_type": "text"],
        ["type": "block_start", "index": 1, "block_type": "thinking", "choice": 3],
        ["type": "block_start", "index": 2, "block_type": "tool_use", "id": "c1", "name": "f"],
        ["type": "block_delta", "index": 0, "text": "Hel\"lo\n\u{1}é🙂"],
        ["type": "block_end", "index": 2, "block": ["type": "tool_call", "id": "c1", "name": "f", "input": ["a": 1]]],
        ["type": "logprobs", "tokens": [token]],
        ["type": "prompt_tokens", "ids": [1, 2], "logprobs": [.null, token]],
        ["type": "prompt_tokens"],
        ["type": "token_ids", "choice": 1, "ids": [3, 4]],
        ["type": "usage", "usage": ["input_tokens": 5, "output_tokens": 3, "total_tokens": 8]],
        [
            "type": "finish", "reason": "stop", "degradation": ["requested": "a", "actual": "b", "reason": "c"], "metadata": metadata,
        ],
        ["type": "finish"],
    ]

    @Test("survive decoding and encoding", arguments: events)
    func roundTrip(json: JSONValue) throws {
        #expect(try ProviderEvent(json: json)?.json == json)
    }

    @Test("survive it as a batch of bytes")
    func batch() throws {
        let text = JSONValue.array(Self.events).bytes
        let events = try text.withUnsafeBufferPointer { try ProviderEvent.batch(parsing: $0) }
        #expect(events.map(\.json) == Self.events)
        var writer = JSONWriter()
        writer.write(events)
        #expect(writer.bytes == text)
        writer.removeAll()
        writer.write([ProviderEvent]())
        #expect(writer.bytes == Array("[]".utf8))
    }

    /// A token with all members, and alternatives with some.
    private static let wholeToken: JSONValue = {
        let top: JSONValue = [
            ["token": "é", "logprob": -1e-05, "bytes": [195, 169], "token_id": 7, "rank": 1], ["token": "\n", "logprob": 0.0],
            ["token": "", "logprob": -9999.0, "bytes": []],
        ]
        return [
            "token": "a\"b", "logprob": -7.696446895599365, "bytes": [97, 34, 98], "token_id": 451, "rank": 2, "top_logprobs": top,
            "choice": 3, "block_index": 0, "text_offset": 12,
        ]
    }()

    static let plainTokens: [JSONValue] = [
        token, wholeToken, ["token": "", "logprob": .null, "top_logprobs": []],
        ["token": "a", "logprob": -1.5, "top_logprobs": [["token": "b", "logprob": -2.5, "later": 1]], "also_later": [1]],
    ]

    @Test("read and write log-probabilities in the same way, whether or not values are built", arguments: plainTokens)
    func plainLogprobs(token: JSONValue) throws {
        let event: JSONValue = ["type": "logprobs", "tokens": [token, token]]
        let delta: JSONValue = ["type": "block_delta", "index": 3, "text": "a\"é"]
        let events = [try #require(try ProviderEvent(json: event)), .blockDelta(index: 3, text: "a\"é")]
        let bytes = JSONValue.array([event, delta]).bytes
        #expect(try bytes.withUnsafeBufferPointer { try ProviderEvent.batch(parsing: $0) } == events)
        // Spelled otherwise, they mean the same.
        let pretty = Array(JSONValue.array([event, delta]).prettyText.utf8)
        #expect(try pretty.withUnsafeBufferPointer { try ProviderEvent.batch(parsing: $0) } == events)
        var writer = JSONWriter()
        writer.write(events)
        #expect(writer.bytes == bytes)
    }

    @Test("with a log-probability that JSON cannot say have none")
    func infiniteLogprob() {
        var token = TokenLogprob(token: "a", logprob: -.infinity)
        token.topLogprobs = [TokenLogprob.Alternative(token: "a", logprob: .nan)]
        var writer = JSONWriter()
        writer.write([ProviderEvent.logprobs([token])])
        #expect(writer.bytes == JSONValue.array([ProviderEvent.logprobs([token]).json]).bytes)
    }

    @Test(
        "that break off, or have something behind them, are no batch",
        arguments: [
            #"[{"type":"block_delta","index":0,"text":"a"}"#, #"[{"type":"block_delta","index":0,"text":"a"}],"#,
            #"[{"type":"logprobs","tokens":[{"token":"a","logprob":-1.0,"top_logprobs":[]}]"#,
            #"[{"type":"logprobs","tokens":[{"token":"a","logprob":-01.0,"top_logprobs":[]}]}]"#,
        ])
    func broken(text: String) {
        let bytes = Array(text.utf8)
        #expect(throws: ContractError.self) { try bytes.withUnsafeBufferPointer { try ProviderEvent.batch(parsing: $0) } }
    }

    @Test("of a type that nobody knows are left out")
    func unknownType() throws {
        #expect(try ProviderEvent(json: ["type": "hologram", "index": "x"]) == nil)
        let text = Array(#"[{"type":"hologram"},{"text":"a","type":"block_delta","index":0}]"#.utf8)
        let events = try text.withUnsafeBufferPointer { try ProviderEvent.batch(parsing: $0) }
        #expect(events == [.blockDelta(index: 0, text: "a")])
    }

    @Test(
        "that cannot be are errors that say where",
        arguments: [
            ("{}", "expected an array, found object"),
            ("[3]", "[0]: expected an object, found number"),
            (
                #"[{"type":"block_delta","index":0,"text":"a"},{"type":"block_delta","index":0.5,"text":"a"}]"#,
                "[1].index: expected an integer, found number"
            ),
            (
                #"[{"type":"block_start","index":0,"block_type":"image"}]"#,
                #"[0].block_type: expected text, thinking or tool_use, found "image""#
            ),
            (#"[{"type":"block_end","index":0,"block":{"type":"text"}}]"#, "[0].block.text: is required"),
            (#"[{"type":"usage"}]"#, "[0].usage: is required"),
            (
                #"[{"type":"block_start","index":0,"block_type":"text","choice":65536}]"#,
                "[0].choice: expected a choice below 65536, found 65536"
            ),
            (
                #"[{"type":"block_end","index":0,"block":{"type":"text","text":"","choice":9223372036854775807}}]"#,
                "[0].block.choice: expected a choice below 65536, found 9223372036854775807"
            ),
            (
                #"[{"type":"block_end","index":0,"block":{"type":"thinking","thinking":"","choice":-1}}]"#,
                "[0].block.choice: expected a choice below 65536, found -1"
            ),
            (
                #"[{"type":"block_end","index":0,"block":{"type":"tool_call","id":"","name":"","input":{},"choice":"1"}}]"#,
                "[0].block.choice: expected an integer, found string"
            ),
            (#"[{"type":"token_ids","choice":-1,"ids":[]}]"#, "[0].choice: expected a choice below 65536, found -1"),
            (
                #"[{"type":"logprobs","tokens":[{"token":"a","logprob":-1,"top_logprobs":[],"choice":65536}]}]"#,
                "[0].tokens[0].choice: expected a choice below 65536, found 65536"
            ),
            (
                #"[{"type":"logprobs","tokens":[{"token":"a","logprob":-1,"bytes":[256],"top_logprobs":[]}]}]"#,
                "[0].tokens[0].bytes[0]: expected a byte, found number"
            ),
            (
                #"[{"type":"logprobs","tokens":[{"token":"a","choice":2000000000}]}]"#,
                "[0].tokens[0].choice: expected a choice below 65536, found 2000000000"
            ),
        ])
    func wrong(text: String, message: String) {
        let bytes = Array(text.utf8)
        let error = #expect(throws: ContractError.self) { try bytes.withUnsafeBufferPointer { try ProviderEvent.batch(parsing: $0) } }
        #expect(error?.description == message)
    }

    @Test("that name a choice that there cannot be are of the first one where nobody has read them", arguments: [-1, 65536, Int.max])
    func impossibleChoice(choice: Int) {
        let response = ChatResponse(content: [.text(TextBlock("a", additional: ["choice": .integer(choice)]))])
        #expect(response.choiceCount == 1)
        #expect(response.text == "a")
        let error = #expect(throws: ContractError.self) { try ChatResponse(json: response.json) }
        #expect(error?.path == "content[0].choice")
    }

    @Test("in a text that is not JSON are an error with the place")
    func notJSON() {
        let bytes = Array(#"[{"type":"finish"}"#.utf8)
        let error = #expect(throws: ContractError.self) { try bytes.withUnsafeBufferPointer { try ProviderEvent.batch(parsing: $0) } }
        #expect(error?.description.contains("line 1, column 19") == true)
    }
}
