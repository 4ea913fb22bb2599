import HTTPTransport
import JSON
import Redaction
import TestSupport
import Testing

@testable import VLLMClient

/// Events that are read by a template must say what they say when they are parsed, and be refused with the same error.
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

    @Test("are used: the events of a recorded stream are parsed but for a few")
    func areUsed() throws {
        let events = try Recording("chat_long_stream").events.dropLast().map { Array($0.utf8) }
        var templates = ChunkTemplates<ChatCompletionChunk>()
        var chunks: [ChatCompletionChunk] = []
        var parsed = 0
        for event in events where !event.withUnsafeBufferPointer({ templates.read($0, to: &chunks) }) {
            parsed += 1
            try parse(event, ChatCompletionChunk.self) { templates.learn($0, $1, $2) }
        }
        #expect(events.count > 50)
        #expect(parsed <= 3)
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
        var reader = ChunkReader<Chunk>(head: try recording.head, keepsRaw: false)
        for event in recording.events where event != "[DONE]" {
            defer { _ = read(Array(event.utf8), &reader) }
            guard !isSame(Array(event.utf8), reader) else { continue }
            Issue.record("read by a template it is another: \(event)")
        }
    }

    private func checkChanges<Chunk: DecodableChunk & Equatable>(_ type: Chunk.Type, _ event: String) {
        let event = Array(event.utf8)
        let reader = reader(type, after: event)
        let bytes: [UInt8] = [0, 0x1F, 0x20, 0x22, 0x2C, 0x30, 0x39, 0x5B, 0x5C, 0x5D, 0x61, 0x7B, 0x7D, 0x7F, 0x80, 0xC3, 0xFF]
        for place in event.indices {
            var changed = [
                Array(event[..<place]), Array(event[..<place] + event[(place + 1)...]), Array(event[...place] + event[place...]),
            ]
            for byte in bytes {
                changed.append(Array(event[..<place] + [byte] + event[(place + 1)...]))
                changed.append(Array(event[..<place] + [byte] + event[place...]))
            }
            for event in changed where !isSame(event, reader) {
                Issue.record("read by a template it is another: \(String(decoding: event, as: UTF8.self))")
                return
            }
        }
    }

    private func checkValues<Chunk: DecodableChunk & Equatable>(_ type: Chunk.Type, _ event: String) {
        let bytes = Array(event.utf8)
        let reader = reader(type, after: bytes)
        let lists = Self.lists.map { Array($0.utf8) }
        for (open, close, values) in [
            (UInt8(ascii: "\""), UInt8(ascii: "\""), Self.contents), (UInt8(ascii: "["), UInt8(ascii: "]"), lists),
        ] {
            for start in bytes.indices where bytes[start] == open {
                guard let end = bytes[(start + 1)...].firstIndex(of: close) else { continue }
                for value in values {
                    let changed = Array(bytes[...start] + value + bytes[end...])
                    guard !isSame(changed, reader) else { continue }
                    Issue.record("read by a template it is another: \(String(decoding: changed, as: UTF8.self))")
                }
            }
        }
    }

    /// A reader that has read an event, so that it has a template where the event makes one.
    private func reader<Chunk: DecodableChunk>(_ type: Chunk.Type, after event: [UInt8]) -> ChunkReader<Chunk> {
        var reader = ChunkReader<Chunk>(head: Self.head, keepsRaw: false)
        var chunks: [Chunk] = []
        try? reader.read(event[...], number: 1, to: &chunks)
        return reader
    }

    /// Whether a reader with templates and one without make the same of an event.
    private func isSame<Chunk: DecodableChunk & Equatable>(_ event: [UInt8], _ reader: ChunkReader<Chunk>) -> Bool {
        var (reader, fresh) = (reader, ChunkReader<Chunk>(head: reader.head, keepsRaw: false))
        let (chunk, error) = read(event, &reader)
        let (expected, expectedError) = read(event, &fresh)
        return chunk == expected && error == expectedError
    }

    private func read<Chunk: DecodableChunk>(_ event: [UInt8], _ reader: inout ChunkReader<Chunk>) -> (Chunk?, String?) {
        var chunks: [Chunk] = []
        do throws(VLLMError) { try reader.read(event[...], number: 7, to: &chunks) } catch { return (chunks.first, "\(error)") }
        return (chunks.first, nil)
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
