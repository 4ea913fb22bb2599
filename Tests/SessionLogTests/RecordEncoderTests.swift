import JSON
import Testing
import Timestamps

@testable import SessionLog

@Suite("Records have the shape of Amplifier's log")
struct RecordEncoderTests {
    private let time = LogTimestamp(seconds: 1_795_249_793, nanoseconds: 358_417_069)
    private let session = "11111111-2222-4333-8444-000000019235"
    private let schema = #""schema":{"name":"amplifier.log","ver":"1.0.0"}"#

    private func line(_ name: String, _ payload: JSONObject) -> String {
        var writer = JSONWriter()
        RecordEncoder(sessionID: session).write(SessionEvent(name, payload, at: time), to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("a request is written byte for byte as the host writes it, but compact")
    func request() {
        let expected =
            #"{"ts":"2026-11-21T08:29:53.358417069+00:00","lvl":"INFO",\#(schema),"event":"llm:request","request_id":"e0fb","#
            + #""session_id":"\#(session)","data":{"message_count":1,"model":"m","parent_id":null,"provider":"vllm"}}"# + "\n"
        let written = line(
            "llm:request", ["message_count": 1, "model": "m", "parent_id": .null, "provider": "vllm", "request_id": "e0fb"])
        #expect(written == expected)
    }

    @Test("well-known members stand beside data, in the order of the alphabet wherever the payload has them")
    func liftedFields() {
        let written = line(
            "x",
            [
                "status": "ok", "a": 1, "span_id": "s", "session_id": "child", "request_id": "r", "redaction": "none",
                "parent_span_id": "p", "module": "m", "b": [1, "2"], "error": .null, "duration_ms": 7, "component": "c",
            ])
        let tail =
            #""event":"x","component":"c","duration_ms":7,"error":null,"module":"m","parent_span_id":"p","redaction":"none","#
            + #""request_id":"r","session_id":"child","span_id":"s","status":"ok","data":{"a":1,"b":[1,"2"]}}"# + "\n"
        #expect(written.hasSuffix(tail))
    }

    @Test(
        "every record has a session and data, even where the payload has nothing",
        arguments: [[:], ["session_id": .null], ["session_id": ""]] as [JSONObject])
    func bare(payload: JSONObject) {
        #expect(line("session:start", payload).hasSuffix(#""event":"session:start","session_id":"\#(session)","data":{}}"# + "\n"))
    }

    @Test("the payload's own timestamp becomes ts and leaves data")
    func ownTimestamp() {
        let written = line("x", ["timestamp": "2025-01-02T03:04:05.6+00:00", "a": 1])
        #expect(written.hasPrefix(#"{"ts":"2025-01-02T03:04:05.600000000+00:00","#))
        #expect(written.hasSuffix(#""data":{"a":1}}"# + "\n"))
    }

    @Test("a timestamp that is none stays in data")
    func otherTimestamp() {
        let written = line("x", ["timestamp": "yesterday"])
        #expect(written.hasPrefix(#"{"ts":"2026-11-21T08:29:53.358417069+00:00","#))
        #expect(written.hasSuffix(#""data":{"timestamp":"yesterday"}}"# + "\n"))
    }

    @Test("a record is one line whatever its strings hold")
    func oneLine() {
        let written = line("x", ["text": "a\nb\r\n\u{2028}\"\\", "k\n": "日本語 👩‍👩‍👧"])
        #expect(written.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
        #expect(written.contains(#""text":"a\nb\r\n\#u{2028}\"\\","k\n":"日本語 👩‍👩‍👧""#))
    }
}
