import JSON
import TestSupport
import Testing

@testable import SessionLog

@Suite("Contents are stored once and put together again, byte for byte")
struct ContentPackingTests {
    /// A log in memory: what is written of events, and what is read of that.
    private struct Log {
        private(set) var bytes = 0
        private(set) var lines: [JSONValue] = []
        private(set) var read: [String] = []
        private var packer = ContentPacker()
        private var unpacker = ContentUnpacker()

        /// Returns the record as it would be without packing.
        mutating func add(_ event: SessionEvent) throws -> String {
            for packed in packer.pack(event) {
                let line = try Self.record(packed)
                lines.append(.object(line))
                bytes += JSONValue.object(line).bytes.count + 1
                switch unpacker.unpack(line) {
                case .whole(let members): read.append(JSONValue.object(members).text)
                case .content: break
                case .failed(let reason): read.append(reason)
                }
            }
            return JSONValue.object(try Self.record(event)).text
        }

        static func record(_ event: SessionEvent) throws -> JSONObject {
            var writer = JSONWriter()
            RecordEncoder(sessionID: "s").write(event, to: &writer)
            return try #require(try JSONValue(parsing: writer.bytes).object)
        }
    }

    private func event(_ name: String, _ request: JSONValue, response: JSONValue? = nil) -> SessionEvent {
        var data: JSONObject = ["request": request]
        data["response"] = response
        return SessionEvent(name, ["provider": "vllm", "data": .object(data)])
    }

    private func message(_ role: String, _ text: String) -> JSONValue { ["role": .string(role), "content": .string(text)] }

    private func expectRoundTrip(_ events: [SessionEvent]) throws {
        var log = Log()
        var written: [String] = []
        for event in events { written.append(try log.add(event)) }
        #expect(log.read.count == written.count)
        for (index, (read, written)) in zip(log.read, written).enumerated() where read != written || read.utf8.count != written.utf8.count {
            Issue.record("event \(index) came back as \(read.prefix(400)) and not as \(written.prefix(400))")
            break
        }
    }

    /// A value of any shape, with what a log's own marks look like among its keys.
    private func anyValue(_ random: inout SplitMix, depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth > 3 ? 5 : 8), using: &random) {
        case 0: return .null
        case 1: return .integer(Int.random(in: -5...100_000, using: &random))
        case 2: return .double(1.5)
        case 3:
            return .string(
                String(
                    repeating: ["e\u{301}", "é", "\"\\\n", "日本"].randomElement(using: &random)!,
                    count: Int.random(in: 0..<3, using: &random)))
        case 4:
            return .string(
                String(
                    repeating: ["word ", "𝄞é", "\u{0}"].randomElement(using: &random)!, count: Int.random(in: 100..<900, using: &random)))
        case 5: return .array((0..<Int.random(in: 0..<14, using: &random)).map { _ in anyValue(&random, depth: depth + 1) })
        default:
            let keys = ["a", "$ref", "$list", "$from", "$join", "$literal", "messages", "tools", "prompt", "count", "content"]
            var members = JSONObject()
            for _ in 0..<Int.random(in: 0..<5, using: &random) {
                members[keys.randomElement(using: &random)!] = anyValue(&random, depth: depth + 1)
            }
            return .object(members)
        }
    }

    @Test("a conversation that grows, shrinks, and is edited comes back as it was", arguments: 0..<6)
    func conversations(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        var messages: [JSONValue] = []
        var tokens: [JSONValue] = []
        var events: [SessionEvent] = []
        for _ in 0..<25 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0 where !messages.isEmpty: messages.removeLast(Int.random(in: 1...messages.count, using: &random))
            case 1 where !messages.isEmpty: messages[Int.random(in: 0..<messages.count, using: &random)] = anyValue(&random)
            case 2 where !messages.isEmpty: messages.insert(messages.randomElement(using: &random)!, at: 0)
            case 3 where tokens.count > 40: tokens.removeSubrange(20..<Int.random(in: 21...40, using: &random))
            default:
                messages.append(message("user", String(repeating: "Grüße ", count: Int.random(in: 0..<200, using: &random))))
                messages.append(anyValue(&random))
            }
            tokens += (0..<Int.random(in: 0..<60, using: &random)).map { _ in .integer(Int.random(in: 0..<9, using: &random)) }
            let request: JSONValue = [
                "model": "m", "messages": .array(messages), "prompt": .array(tokens), "more": anyValue(&random),
                "tools": .array([anyValue(&random), ["function": ["name": "f", "parameters": ["$ref": "#/defs/x"]]]]),
            ]
            for name in ["llm:call:raw", "llm:request:debug", "llm:request:raw"] { events.append(event(name, request)) }
            let text = String(repeating: "é日", count: 900)
            let answer = #"{"count":\#(tokens.count),"tokens":\#(JSONValue.array(tokens).text),"text":"\#(text)"}"#
            events.append(event("llm:exchange:raw", ["body": request], response: ["status": 200, "body": .string(answer)]))
        }
        try expectRoundTrip(events)
    }

    @Test("100 turns cost twice as much as 50, though every event repeats all that was said before")
    func linear() throws {
        var log = Log()
        var messages: [JSONValue] = [message("system", String(repeating: "You help. ", count: 400))]
        var tokens: [JSONValue] = []
        var sizes: [Int] = [0]
        let description = JSONValue.string(String(repeating: "does. ", count: 100))
        let tools: JSONValue = .array((0..<5).map { ["name": .string("tool \($0)"), "description": description] })
        for turn in 0..<100 {
            // A system prompt that says the time.
            messages[0] = message("system", String(repeating: "You help. ", count: 400) + "It is \(1000 + turn) o'clock.")
            messages.append(message("user", "question \(1000 + turn) " + String(repeating: "word ", count: 60)))
            tokens += (0..<10).map { .integer(($0 * 7919 + turn * 104_729) % 150_000) }
            let request: JSONValue = ["messages": .array(messages), "tools": tools, "prompt": .array(tokens)]
            let text = JSONValue.array(tokens).text
            for name in ["llm:call:raw", "llm:request:debug", "llm:request:raw"] { _ = try log.add(event(name, request)) }
            _ = try log.add(
                event("llm:exchange:raw", ["body": request], response: ["body": .string(#"{"count":\#(tokens.count),"tokens":\#(text)}"#)]))
            messages.append(message("assistant", "answer \(1000 + turn) " + String(repeating: "word ", count: 60)))
            sizes.append(log.bytes)
        }
        let (first, second) = (sizes[50] - sizes[5], sizes[95] - sizes[50])
        #expect(Double(second) < 1.3 * Double(first), "45 turns: \(first) bytes, the next 45: \(second)")
        #expect(sizes[100] < 100 * 12_000, "\(sizes[100]) bytes")
    }

    @Test("so it is with a conversation that says the same again and again")
    func linearWhereRepeated() throws {
        var log = Log()
        var messages: [JSONValue] = []
        var tokens: [JSONValue] = []
        var sizes: [Int] = [0]
        for turn in 0..<100 {
            messages.append(message("user", turn.isMultiple(of: 2) ? "What is 2+2?" : "What is the capital of France?"))
            tokens += (0..<24).map { .integer($0 + turn % 2 * 100) }
            let request: JSONValue = ["messages": .array(messages), "prompt": .array(tokens)]
            for name in ["llm:call:raw", "llm:request:debug", "llm:request:raw"] { _ = try log.add(event(name, request)) }
            messages.append(message("assistant", turn.isMultiple(of: 2) ? "4" : "Paris"))
            sizes.append(log.bytes)
        }
        let (first, second) = (sizes[50] - sizes[5], sizes[95] - sizes[50])
        #expect(Double(second) < 1.1 * Double(first), "45 turns: \(first) bytes, the next 45: \(second)")
    }

    @Test("an image is stored once, wherever and in whatever form it is sent")
    func images() throws {
        var log = Log()
        var random = SplitMix(seed: 1)
        let base64 = String((0..<20_000).map { _ in "ABCDEFGHabcdefgh01234567".randomElement(using: &random)! })
        let source: JSONValue = ["type": "image", "source": ["type": "base64", "media_type": "image/png", "data": .string(base64)]]
        let url: JSONValue = ["type": "image_url", "image_url": ["url": .string("data:image/png;base64,\(base64)")]]
        for _ in 0..<3 {
            _ = try log.add(event("llm:call:raw", ["messages": [["role": "user", "content": .array([source, source])]]]))
            _ = try log.add(event("llm:request:raw", ["messages": [["role": "user", "content": .array([url, url])]]]))
        }
        #expect(log.bytes < 25_000, "\(log.bytes) bytes")
    }

    @Test("other events, and the rest of those with contents, stay as they are for readers that know nothing of this")
    func untouched() throws {
        let long = JSONValue.string(String(repeating: "x", count: 5000))
        for name in ["llm:request", "tool:post", "llm:response:debug"] {
            let event = event(name, long)
            var packer = ContentPacker()
            #expect(packer.pack(event) == [event])
        }
        var packer = ContentPacker()
        let packed = packer.pack(event("llm:request:raw", ["model": "m", "prompt": long]))
        #expect(packed.map(\.name) == ["log:content", "llm:request:raw"])
        #expect(packed[1].payload["data"]?["request"]?["model"] == "m")
        #expect(packed[0].payload["value"] == long)
        #expect(try Log.record(packed[0])["lvl"] == "DEBUG")
        #expect(packer.pack(event("llm:request:raw", long)).count == 1)
    }

    @Test(
        "logs of other programs pass through, and what looks like a reference but is none",
        arguments: [
            ##"{"$ref":"#/$defs/x"}"##, #"{"$literal":{"a":1}}"#, #"[{"$list":3},1]"#, #"{"$ref":"sha256:12"}"#,
            #"{"$from":"x","count":3}"#,
        ])
    func others(text: String) throws {
        let members = try Log.record(event("llm:request:raw", try JSONValue(parsing: text)))
        var unpacker = ContentUnpacker()
        #expect(unpacker.unpack(members) == .whole(members))
    }

    private static let hash = "sha256:" + String(repeating: "0", count: 64)

    @Test(
        "what a log does not hold, or cannot mean, is told",
        arguments: [
            (#"{"$ref":"\#(hash)"}"#, "the content \(hash) does not stand before it in the log"),
            (#"[{"$list":"\#(hash)","$from":"\#(hash)","count":1}]"#, "the list \(hash) does not stand before it in the log"),
            (#"[{"$list":"\#(hash)","$from":"\#(hash)","count":-1}]"#, "a part of an earlier list that does not say which"),
            (
                #"[{"$list":"\#(hash)"},{"$from":"\#(hash)","start":9223372036854775807,"count":9223372036854775807}]"#,
                "a part of an earlier list that does not say which"
            ),
        ])
    func missing(text: String, reason: String) throws {
        var unpacker = ContentUnpacker()
        #expect(unpacker.unpack(try Log.record(event("llm:request:raw", try JSONValue(parsing: text)))) == .failed(reason))
    }

    private func checksum(_ text: String) -> String { ContentHash(of: Array(text.utf8))!.text }

    /// The record of a content whose text, put together, is `whole`.
    private func stored(_ value: JSONValue, whole: String) throws -> (record: JSONObject, reference: JSONValue) {
        let hash = JSONValue.string(checksum(whole))
        return (try Log.record(SessionEvent("log:content", ["hash": hash, "value": value])), ["$ref": hash])
    }

    @Test("a small log that says a huge value is not believed")
    func bomb() throws {
        var unpacker = ContentUnpacker(maximumSize: 1 << 20)
        var (reference, whole): (JSONValue, String) = ("ten letter", #""ten letter""#)
        var outcomes: [ContentUnpacker.Outcome] = []
        for _ in 0..<6 {
            whole = "[\(Array(repeating: whole, count: 10).joined(separator: ","))]"
            let content = try stored(.array(Array(repeating: reference, count: 10)), whole: whole)
            outcomes.append(unpacker.unpack(content.record))
            reference = content.reference
        }
        #expect(outcomes.prefix(4).allSatisfy { $0 == .content })
        #expect(outcomes[4] == .failed("longer than 1048576 bytes when it is put together"))
        let name = checksum("x")
        let itself: JSONValue = [["$list": .string(name), "$from": .string(name), "count": 1]]
        let outcome = unpacker.unpack(try Log.record(event("llm:call:raw", itself)))
        #expect(outcome == .failed("the list \(name) does not stand before it in the log"))
    }

    @Test("a log that says ever more in few bytes is not believed for long; the same list again costs nothing")
    func proportion() throws {
        var unpacker = ContentUnpacker(budget: UnpackingBudget(1 << 16))
        var names = 0
        func outcome(length: Int = 0, _ elements: (JSONValue) -> [JSONValue]) throws -> ContentUnpacker.Outcome {
            names += 1
            let request = JSONValue.array(elements(.string(checksum("\(names)"))))
            return unpacker.unpack(try Log.record(event("llm:call:raw", request)), length: length)
        }
        let first = JSONValue.string(checksum("1"))
        _ = try outcome { [["$list": $0]] + Array(repeating: 1, count: 500) }
        for _ in 0..<100 {
            guard case .whole = try outcome({ _ in [["$list": first, "$from": first, "count": 500]] }) else {
                Issue.record("a list that was there before was not given again")
                break
            }
        }
        let twice = { (name: JSONValue) -> [JSONValue] in
            [["$list": name, "$from": first, "count": 500], ["$from": first, "start": 0, "count": 500]]
        }
        var count = 0
        while count < 100, case .whole = try outcome(twice) { count += 1 }
        #expect(count > 0 && count < 5)
        // What is in proportion to the file may still be said.
        guard case .whole = try outcome(length: 1 << 10, twice) else {
            Issue.record("a long file may say more than a short one")
            return
        }
    }

    @Test("what is nested deeper than JSON is read is not put together", arguments: [true, false])
    func depth(isContent: Bool) throws {
        func nested(_ text: String, _ levels: Int) -> String {
            String(repeating: "[", count: levels) + text + String(repeating: "]", count: levels)
        }
        var unpacker = ContentUnpacker()
        let inner = try stored(try JSONValue(parsing: nested("1", 300)), whole: nested("1", 300))
        #expect(unpacker.unpack(inner.record) == .content)
        let outer = try JSONValue(parsing: nested(inner.reference.text, 300))
        let tooDeep = ContentUnpacker.Outcome.failed("nested more than 512 levels deep when it is put together")
        if isContent {
            #expect(unpacker.unpack(try stored(outer, whole: nested("1", 600)).record) == tooDeep)
        } else {
            let named = JSONValue.array([["$list": .string(checksum("l"))], inner.reference])
            guard case .whole = unpacker.unpack(try Log.record(event("llm:call:raw", named))) else {
                Issue.record("a list of 301 levels is not too deep")
                return
            }
            let again = #"[{"$list":"\#(checksum("m"))","$from":"\#(checksum("l"))","count":1},2]"#
            let request = try JSONValue(parsing: nested(again, 300))
            #expect(unpacker.unpack(try Log.record(event("llm:call:raw", request))) == tooDeep)
        }
    }

    @Test("a content that was changed in the file is put into no record")
    func changed() throws {
        var packer = ContentPacker()
        let packed = packer.pack(event("llm:request:raw", ["prompt": .string(String(repeating: "x", count: 600))]))
        var content = packed[0]
        content.payload["value"] = .string(String(repeating: "x", count: 599) + "y")
        let name = try #require(content.payload["hash"]?.string)
        var unpacker = ContentUnpacker()
        #expect(unpacker.unpack(try Log.record(content)) == .failed("the content \(name) is not what its hash says"))
        #expect(
            unpacker.unpack(try Log.record(packed[1])) == .failed("the content \(name) does not stand before it in the log"))
    }
}
