import HTTPTransport
import JSON
import Redaction
import TestSupport
import Testing

@testable import VLLMClient

/// Events that are read by a template must say what they say when they are parsed; those that are refused then must not be read by one.
@Suite("Templates of events")
struct ChunkTemplateTests {
    /// An event of each kind that vLLM sends token by token.
    static let chat = [
        #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795255206,"model":"m","choices":[{"index":0,"delta":{"content":"one"},"logprobs":null,"finish_reason":null,"token_ids":null}]}"#,
        #"{"id":"c","model":"m\n","choices":[{"index":0,"delta":{"content":"é"},"finish_reason":null,"token_ids":[205,7]}],"x":"\"}"}"#,
        #"{"id":"c","choices":[{"index":1,"delta":{"content":null,"reasoning":"so\n"},"token_ids":[]}],"usage":null}"#,
        #"{"id":"c","choices":[{"index":0,"delta":{"reasoning_content":"so","reasoning":null}}],"extra":{"content":"so"}}"#,
        #"{ "id" : "c", "choices" : [ {"delta" : {"role" : "assistant", "content" : "a \" \\ b"}, "token_ids" : [ 1 ]} ] }"#,
        #"{"choices":[],"choices":[{"delta":{"content":"no","content":"yes"},"token_ids":[1],"token_ids":[2]}]}"#,
        #"{"choices":[{"delta":{"content":"a","reasoning":""}}]}"#,
        #"{"choices":[{"delta":{"reasoning":"","reasoning_content":"old"}}]}"#,
        #"{"choices":[{"token_ids":[3],"delta":{"content":"behind the ids"}}]}"#,
        #"{"choices":[{"delta":{"content":[{"text":"a part"}]}}]}"#,
        #"{"choices":[{"delta":{"content":"x"}}],"error":null}"#,
        #"{"choices":[{"delta":{"content":null,"tool_calls":[{"index":0,"function":{"arguments":"{\""}}]},"token_ids":[7]}]}"#,
        #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":{"a":1}}},{"index":1}]}}]}"#,
        #"{"choices":[{"delta":{"content":"a","tool_calls":[{"index":0,"function":{"arguments":"b"}}]}}]}"#,
        #"{"choices":[{"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[{"token":"b","logprob":-1.25,"bytes":[98,255]}]}]},"token_ids":[1]}]}"#,
        #"{"choices":[{"delta":{},"logprobs":{"content":[{"token":"","logprob":-1e-05,"bytes":[],"top_logprobs":[]},{"token":"é","logprob":0,"bytes":[195],"top_logprobs":[]}]}}]}"#,
        #"{"choices":[{"delta":{"content":"a"},"logprobs":{"content":[],"refusal":null}}]}"#,
        #"{"choices":[{"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-1.5,"bytes":null,"top_logprobs":[]}]}}]}"#,
    ]
    static let completion = [
        #"{"id":"cmpl-1","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":" 5","logprobs":null,"finish_reason":null,"stop_reason":null,"prompt_token_ids":null,"token_ids":null}]}"#,
        #"{"id":"cmpl-1","model":"m","choices":[{"index":1,"text":"","token_ids":[0,12345]}],"usage":null}"#,
    ]

    /// What may stand between the quotes of a string, and what may not.
    private static let contents: [[UInt8]] =
        [
            "", " ", "x", "Hello, wörld", "日本", "🎉", "\u{7F}", #"\n"#, #"a\tb\"c\\d\/e\b\f\r"#, #"\u00e9"#, #"\ud83c\udf89"#, #"\u0000"#,
            #"\ud83c"#, #"\udf89"#, #"\ud83cx"#, #"\x"#, #"\u12"#, #"\u12g4"#, #"\"#, #"\\"#, #"\\\"#, #"\""#, #"""#,
            #"","content":"second"#,
            #""},"logprobs":null,"finish_reason":null,"token_ids":null}]}"#, "\n", "\t", "\0", "a\u{1F}",
            String(repeating: "long ", count: 300),
        ].map { Array($0.utf8) } + [
            [0xC3], [0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x9F, 0x8E], [0xC3, 0x5C, 0x6E],
            [0xFF, 0x61],
        ]
    /// What may stand for a number, and what may not.
    private static let numbers = [
        "0", "-0", "-0.0", "1", "-1.5", "1e5", "1E-3", "-1e+2", "0.00001561629505886230512", "-0.000015616295058862306",
        "18446744073709551615",
        "18446744073709551616", "12345678901234567890123", "1e400", "00", "01", "1.", ".5", "-", "+1", "1e", "1e+", "0x1", " 1", "1 ",
        "null",
        "\"1\"", "true",
    ]
    /// What may stand between the brackets of a list of integers, and what may not.
    private static let lists = [
        "", "1", "0", "00", "01", "-1", "1.0", "1e2", " 1", "1 ", "1, 2", "1,2,3", ",", "1,", ",1", "1,,2", "null", "\"1\"", "[1]", "1]",
        "999999999999999999", "9223372036854775807", "9223372036854775808", "1]}", "1],\"token_ids\":[2",
    ]

    @Test("read a stream as parsing each event does, in every recording", arguments: Recording.streams("/v1/chat/completions"))
    func recordedChats(name: String) throws { try check(ChatCompletionChunk.self, Recording(name)) }

    @Test("read a stream of a completion as parsing each event does", arguments: Recording.streams("/v1/completions"))
    func recordedCompletions(name: String) throws { try check(CompletionChunk.self, Recording(name)) }

    @Test("change nothing for an event of which any byte is another, or missing, or there twice", arguments: chat)
    func changedChats(event: String) { checkChanges(ChatCompletionChunk.self, event) }

    @Test("change nothing for an event of a completion that is changed anywhere", arguments: completion)
    func changedCompletions(event: String) { checkChanges(CompletionChunk.self, event) }

    @Test("change nothing whatever stands in the place of the text and of the token ids", arguments: chat)
    func valuesOfChats(event: String) { checkValues(ChatCompletionChunk.self, event) }

    @Test("change nothing whatever stands in the place of a completion's text and token ids", arguments: completion)
    func valuesOfCompletions(event: String) { checkValues(CompletionChunk.self, event) }

    @Test(
        "are used: the events of a recorded stream are parsed but for a few",
        arguments: [("chat_long_stream", 3), ("chat_logprobs_stream", 5), ("tool_auto_stream", 6), ("chat_return_token_ids_stream", 5)])
    func areUsed(name: String, most: Int) throws {
        let events = try Recording(name).events.dropLast().map { Array($0.utf8) }
        var templates = ChunkTemplates<ChatCompletionChunk>()
        var chunks: [ChatCompletionChunk] = []
        var parsed = 0
        for event in events where !event.withUnsafeBufferPointer({ templates.read($0, to: &chunks) }) {
            parsed += 1
            try parse(event, ChatCompletionChunk.self) { templates.learn($0, $1, $2) }
        }
        #expect(parsed <= most)
        #expect(chunks.count == events.count - parsed)
        #expect(chunks.count >= 2 * parsed)
    }

    @Test("are used for choices side by side, for thinking, and for token ids", arguments: 1...8)
    func forEachChoice(count: Int) throws {
        var templates = ChunkTemplates<ChatCompletionChunk>()
        var chunks: [ChatCompletionChunk] = []
        for round in 0..<4 {
            for index in 0..<count {
                let field = index.isMultiple(of: 2) ? "content" : "reasoning"
                let event = Array(#"{"choices":[{"index":\#(index),"delta":{"\#(field)":"\#(round)"},"token_ids":[\#(round)]}]}"#.utf8)
                let isRead = event.withUnsafeBufferPointer { templates.read($0, to: &chunks) }
                #expect(isRead == (round > 0))
                if !isRead { try parse(event, ChatCompletionChunk.self) { templates.learn($0, $1, $2) } }
            }
        }
        #expect(chunks.map { $0.choices[0].index } == Array((0..<3).map { _ in Array(0..<count) }.joined()))
        #expect(chunks.map { $0.choices[0].tokenIDs } == (1...3).flatMap { round in (0..<count).map { _ in [round] } })
    }

    @Test("are given up for a stream whose events all differ, and kept few for one with many kinds")
    func bounds() throws {
        var templates = ChunkTemplates<CompletionChunk>()
        var chunks: [CompletionChunk] = []
        for number in 0..<100 {
            let event = Array(#"{"id":"\#(number)","choices":[{"text":"a"}]}"#.utf8)
            let isRead = event.withUnsafeBufferPointer { templates.read($0, to: &chunks) }
            #expect(!isRead)
            try parse(event, CompletionChunk.self) { templates.learn($0, $1, $2) }
        }
        let kept = (0..<100).filter { number in
            Array(#"{"id":"\#(number)","choices":[{"text":"b"}]}"#.utf8).withUnsafeBufferPointer { templates.read($0, to: &chunks) }
        }
        #expect(kept == Array(8..<16))
    }

    private func check<Chunk: DecodableChunk & Equatable>(_ type: Chunk.Type, _ recording: Recording) throws {
        var templates = ChunkTemplates<Chunk>()
        for event in recording.events where event != "[DONE]" {
            let event = Array(event.utf8)
            if !isSame(event, templates) { Issue.record("read by a template it is another: \(String(decoding: event, as: UTF8.self))") }
            try? parse(event, type) { templates.learn($0, $1, $2) }
        }
    }

    private func checkChanges<Chunk: DecodableChunk & Equatable>(_ type: Chunk.Type, _ event: String) {
        let event = Array(event.utf8)
        let templates = templates(type, of: event)
        let bytes: [UInt8] = [0, 0x1F, 0x20, 0x22, 0x2C, 0x30, 0x39, 0x5B, 0x5C, 0x5D, 0x61, 0x7B, 0x7D, 0x7F, 0x80, 0xC3, 0xFF]
        for place in event.indices {
            var changed = [
                Array(event[..<place]), Array(event[..<place] + event[(place + 1)...]), Array(event[...place] + event[place...]),
            ]
            for byte in bytes {
                changed.append(Array(event[..<place] + [byte] + event[(place + 1)...]))
                changed.append(Array(event[..<place] + [byte] + event[place...]))
            }
            for event in changed where !isSame(event, templates) {
                Issue.record("read by a template it is another: \(String(decoding: event, as: UTF8.self))")
                return
            }
        }
    }

    private func checkValues<Chunk: DecodableChunk & Equatable>(_ type: Chunk.Type, _ event: String) {
        let bytes = Array(event.utf8)
        let templates = templates(type, of: bytes)
        let places: [(Unicode.Scalar, Unicode.Scalar, [[UInt8]])] = [
            ("\"", "\"", Self.contents), ("[", "]", Self.lists.map { Array($0.utf8) }), (":", ",", Self.numbers.map { Array($0.utf8) }),
        ]
        for (open, close, values) in places {
            let (open, close) = (UInt8(ascii: open), UInt8(ascii: close))
            for start in bytes.indices where bytes[start] == open {
                guard let end = bytes[(start + 1)...].firstIndex(of: close) else { continue }
                for value in values {
                    let changed = Array(bytes[...start] + value + bytes[end...])
                    guard !isSame(changed, templates) else { continue }
                    Issue.record("read by a template it is another: \(String(decoding: changed, as: UTF8.self))")
                }
            }
        }
    }

    /// The template of an event, if it makes one.
    private func templates<Chunk: DecodableChunk>(_ type: Chunk.Type, of event: [UInt8]) -> ChunkTemplates<Chunk> {
        var templates = ChunkTemplates<Chunk>()
        try? parse(event, type) { templates.learn($0, $1, $2) }
        return templates
    }

    /// Whether an event that a template reads is read by one that has none as the same chunk.
    private func isSame<Chunk: DecodableChunk & Equatable>(_ event: [UInt8], _ templates: ChunkTemplates<Chunk>) -> Bool {
        var templates = templates
        var (read, parsed): ([Chunk], [Chunk]) = ([], [])
        guard event.withUnsafeBufferPointer({ templates.read($0, to: &read) }) else { return true }
        var reader = ChunkReader<Chunk>(head: Self.head, keepsRaw: false)
        try? reader.read(event[...], number: 1, to: &parsed)
        return read == parsed
    }

    private func parse<Chunk: DecodableChunk>(
        _ event: [UInt8], _ type: Chunk.Type, _ body: (Chunk, JSONView, UnsafeBufferPointer<UInt8>) -> Void
    ) throws {
        try event.withUnsafeBufferPointer { bytes in
            try JSONView.read(bytes, orThrow: { $0 as any Error }) { view throws(any Error) in
                body(try Chunk(view, raw: nil), view, bytes)
            }
        }
    }

    private static let head = AnswerHead(HTTPResponse(status: 200, headers: [:], body: .empty)) { Redactor() }
}
