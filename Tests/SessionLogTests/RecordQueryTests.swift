import JSON
import RegularExpressions
import TestSupport
import Testing
import Timestamps

@testable import SessionLog

@Suite("Asking a log", .temporaryFolder)
struct RecordQueryTests {
    private let folder = TemporaryFolder()

    private static let log = #"""
        {"ts":"2026-11-21T10:00:00.000+00:00","lvl":"INFO","schema":{"name":"amplifier.log","ver":"1.0.0"},"event":"session:start","session_id":"s","data":{}}
        {"ts": "2026-11-21T10:00:01+00:00", "lvl": "INFO", "event": "llm:request", "request_id": "abc-1", "data": {"model": "m"}}
        {"ts":"2026-11-21T10:00:02Z","lvl":"DEBUG","event":"llm:request:raw","request_id":"abc-1","data":{"text":"say \"no\"\n日本 Ünder"}}
        {"lvl":"error","ts":"2026-11-21T10:00:03Z","status":"error","event":"llm:response","request_id":"abd-2","error":{"msg":"Boom"},"data":{}}
        {"event":"bare","data":{"text":"caf\u00e9"}}
        garbage with no in it
        {"ts":"2026-11-21T10:00:05Z","data":{"event":"not this"},"event":"tool:post","lvl":"WARNING"}
        """#

    /// The lines of what a query finds; those that are no records are negative.
    private func find(_ query: RecordQuery, unpacks: Bool = false) throws -> [Int] {
        let path = folder.file("events.jsonl")
        if (try? fileText(path)) == nil { append(Self.log, to: path) }
        var reader = try SessionLogReader(path: path, unpacksContents: unpacks, query: query)
        var found: [Int] = []
        while let line = try reader.next() {
            switch line {
            case .record(let record): found.append(record.line)
            case .skipped(let line, _): found.append(-line)
            }
        }
        return found
    }

    @Test("without conditions everything is given out")
    func all() throws { #expect(try find(RecordQuery()) == [1, 2, 3, 4, 5, -6, 7]) }

    @Test(
        "events are chosen by patterns, and patterns with ! leave out",
        arguments: [
            (["llm:*"], [2, 3, 4, -6]), (["llm:*", "!*:raw"], [2, 4, -6]), (["!llm:*"], [1, 5, -6, 7]),
            (["bare", "tool:post"], [5, -6, 7]),
            (["nothing"], [-6]), (["llm:request"], [2, -6]), (["tool:*"], [-6, 7]),
        ])
    func events(patterns: [String], expected: [Int]) throws {
        #expect(try find(RecordQuery(events: patterns)) == expected)
        #expect(try find(RecordQuery(events: patterns), unpacks: true) == expected)
    }

    @Test("levels count from a least serious one, in any spelling; a record without one is INFO")
    func levels() throws {
        #expect(try find(RecordQuery(minimumLevel: .warning)) == [4, -6, 7])
        #expect(try find(RecordQuery(minimumLevel: .info)) == [1, 2, 4, 5, -6, 7])
    }

    @Test("times are a span whose end does not belong to it; what has no time is not in it")
    func times() throws {
        let second = { LogTimestamp(seconds: 1_795_255_200 + $0) }
        #expect(try find(RecordQuery(since: second(1), until: second(3))) == [2, 3, -6])
        #expect(try find(RecordQuery(since: second(4))) == [-6, 7])
    }

    @Test("a request is named by its id or the beginning of it, a status by its word; lines without them are not even read")
    func requests() throws {
        #expect(try find(RecordQuery(requestID: "abc-1")) == [2, 3])
        #expect(try find(RecordQuery(requestID: "ab")) == [2, 3, 4])
        #expect(try find(RecordQuery(requestID: "zz")) == [])
        #expect(try find(RecordQuery(status: "error")) == [4])
    }

    @Test(
        "a text is found as it stands and as JSON writes it",
        arguments: [
            (#"say "no""#, [3]), ("no", [3, -6, 7]), ("日本", [3]), ("café", [5]), ("no\"\n日", [3]), (#""model": "m""#, [2]), ("zzz", []),
            ("Boom", [4]),
        ])
    func texts(text: String, expected: [Int]) throws {
        #expect(try find(RecordQuery(text: TextPattern(text))) == expected)
    }

    @Test("case is ignored where that is wanted, beyond ASCII, too")
    func ignoringCase() throws {
        #expect(try find(RecordQuery(text: TextPattern("bOOM", ignoresCase: true))) == [4])
        #expect(try find(RecordQuery(text: TextPattern("üNDER", ignoresCase: true))) == [3])
        #expect(try find(RecordQuery(text: TextPattern("üNDER"))) == [])
    }

    @Test(
        "a regular expression is looked for in lines as they stand",
        arguments: [
            ("ab[cd]-\\d", [2, 3, 4]), ("\"ev.*bare", [5]), ("^garbage", [-6]), ("(Boom|caf)", [4, 5]), ("tool:post.*G\"}$", [7]),
        ])
    func expressions(pattern: String, expected: [Int]) throws {
        let text = TextPattern(try RegularExpression(pattern))
        #expect(try find(RecordQuery(text: text)) == expected)
    }

    @Test("a text that the log holds once is found in every record that refers to it, once they are put together")
    func contents() throws {
        let path = folder.file("events.jsonl")
        var packer = ContentPacker()
        let long = String(repeating: "needle ", count: 100)
        let messages: [JSONValue] = [["role": "user", "content": .string(long)]]
        let members: JSONObject = ["event": "llm:call:raw", "data": ["data": ["request": ["messages": .array(messages)]]]]
        for _ in 0..<2 {
            for event in packer.pack(SessionEvent("llm:call:raw", members["data"]?.object ?? [:])) {
                append(JSONValue.object(["event": .string(event.name), "data": .object(event.payload)]).text + "\n", to: path)
            }
        }
        let text = TextPattern("needle")
        #expect(try find(RecordQuery(text: text)).count == 1)
        let whole = try find(RecordQuery(text: text), unpacks: true)
        #expect(whole.count == 2)
        let (records, skipped) = try SessionLogReader.contents(of: path, unpacksContents: true)
        #expect(records.map(\.members) == [members, members] && skipped.isEmpty)
    }
}
