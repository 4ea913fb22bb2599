import HTTPTransport
import JSON
import Redaction
import Testing

@testable import VLLMProvider

@Suite("An exchange's record")
struct ExchangeRecordTests {
    private func response(_ reads: [[UInt8]], secrets: [String] = [], headers: HTTPHeaders = [:]) -> JSONValue? {
        var exchange = ExchangeRecord(HTTPRequest(url: "http://s/v1"))
        exchange.began(HTTPResponse(status: 200, headers: headers, body: HTTPBody(Nothing())))
        for bytes in reads { exchange.add(bytes) }
        return exchange.json(path: "/v1", error: nil, redactor: Redactor(secrets: secrets))["response"]
    }

    @Test("what is no text is kept as base64, and as text where there is a secret in it")
    func bytes() {
        let pixels: [UInt8] = [0xFF, 0x00, 0xFE]
        #expect(response([pixels])?["body_base64"] == "/wD+")
        #expect(response([pixels])?["body"] == nil)
        let masked = response([pixels + Array("planted-key".utf8)], secrets: ["planted-key"])
        #expect(masked?["body_base64"] == nil)
        #expect(masked?["body"] == "\u{FFFD}\u{0}\u{FFFD}[REDACTED]")
        #expect(masked?["is_redacted"] == true)
    }

    /// A stream in which the second of two choices says "planted-key-1" letter by letter.
    private static func stream(_ piece: (Character, Int) -> String) -> [[UInt8]] {
        "planted-key-1".flatMap { ["{\"choices\":[\(piece("x", 0))]}", "{\"choices\":[\(piece($0, 1))]}"] }.map {
            Array("data: \($0)\n\n".utf8)
        }
            + [Array("data: [DONE]\n\n".utf8)]
    }

    @Test("a secret that a stream spells letter by letter is not kept, wherever it is said")
    func spelled() {
        let headers: HTTPHeaders = ["Content-Type": "text/event-stream; charset=utf-8"]
        let pieces: [(Character, Int) -> String] = [
            { #"{"index":\#($1),"text":"\#($0)"}"# }, { #"{"index":\#($1),"delta":{"content":"\#($0)"}}"# },
            { #"{"index":\#($1),"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\#($0)"}}]}}"# },
            { #"{"index":\#($1),"text":"","logprobs":{"tokens":["\#($0)"]}}"# },
        ]
        for piece in pieces {
            let reads = Self.stream(piece)
            let masked = response(reads, secrets: ["planted-key-1"], headers: headers)
            #expect(masked?["body"] == "[REDACTED]" && masked?["is_redacted"] == true)
            #expect(masked?["chunks"]?.array?.count == reads.count)
            let kept = response(reads, secrets: ["planted-key-2"], headers: headers)
            #expect(kept?["body"]?.string == String(decoding: reads.joined(), as: UTF8.self) && kept?["is_redacted"] == nil)
        }
    }

    @Test("a character that two reads share is whole in the text")
    func split() {
        let bytes = Array("né".utf8)
        let told = response([Array(bytes[..<2]), Array(bytes[2...])])
        #expect(told?["body"] == "né")
        #expect(told?["chunks"]?.array?.map { $0[1]?.int } == [2, 1])
    }

    @Test("no more than 16 MiB of a body are kept, and no more than 65,536 reads are told from each other")
    func limits() {
        let mebibyte = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
        let long = response(Array(repeating: mebibyte, count: 16) + [[UInt8(ascii: "b")]])
        #expect(long?["body"]?.string?.utf8.count == 16 << 20)
        #expect(long?["is_truncated"] == true)
        #expect(long?["chunks"]?.array?.count == 16)
        let whole = response(Array(repeating: mebibyte, count: 16))
        #expect(whole?["is_truncated"] == nil)

        let many = response(Array(repeating: [UInt8(ascii: "a")], count: (1 << 16) + 5))
        #expect(many?["chunks"]?.array?.count == 1 << 16)
        #expect(many?["chunks"]?.array?.last?[1] == 6)
    }

    @Test("a request's body that is no JSON is kept as it is, header fields of one name are joined")
    func request() {
        var headers: HTTPHeaders = ["Accept": "a"]
        headers.append(name: "accept", value: "b")
        func told(_ body: [UInt8]?) -> JSONValue? {
            ExchangeRecord(HTTPRequest(method: "POST", url: "http://s/v1?token=planted-token-1", headers: headers, body: body))
                .json(path: "/v1?token=planted-token-1", error: TransportError(.tls, "no"), redactor: Redactor())
        }
        #expect(told(Array("{".utf8))?["request"] == ["headers": ["accept": "a, b"], "body_text": "{"])
        #expect(told([0xFF])?["request"]?["body_base64"] == "/w==")
        #expect(told(nil)?["request"] == ["headers": ["accept": "a, b"]])
        #expect(told(nil)?["url"] == "http://s/v1?token=[REDACTED]")
        #expect(told(nil)?["path"] == "/v1?token=[REDACTED]")
        #expect(told(nil)?["response"] == nil)
        #expect(told(nil)?["error"]?["code"] == "tls")
    }
}

/// A body that is empty.
private final class Nothing: HTTPBodySource {
    func next(by limit: ReadLimit?) async throws(TransportError) -> [UInt8]? { nil }
    func cancel() {}
}
