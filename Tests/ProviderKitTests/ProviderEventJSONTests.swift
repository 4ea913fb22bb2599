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
        ])
    func wrong(text: String, message: String) {
        let bytes = Array(text.utf8)
        let error = #expect(throws: ContractError.self) { try bytes.withUnsafeBufferPointer { try ProviderEvent.batch(parsing: $0) } }
        #expect(error?.description == message)
    }

    @Test("in a text that is not JSON are an error with the place")
    func notJSON() {
        let bytes = Array(#"[{"type":"finish"}"#.utf8)
        let error = #expect(throws: ContractError.self) { try bytes.withUnsafeBufferPointer { try ProviderEvent.batch(parsing: $0) } }
        #expect(error?.description.contains("line 1, column 19") == true)
    }
}
