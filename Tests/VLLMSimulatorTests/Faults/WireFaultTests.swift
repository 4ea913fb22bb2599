import JSON
import Testing
import VLLMSimulator

@Suite("Faults on the wire", .timeLimit(.minutes(1)))
struct WireFaultTests {
    /// A fault, and all that comes behind the head of the answer.
    struct Case: Sendable, CustomTestStringConvertible {
        var fault: String
        var body: String
        var ending: FaultyExchange.Ending

        init(_ fault: String, _ body: String, _ ending: FaultyExchange.Ending) {
            (self.fault, self.body, self.ending) = (fault, body, ending)
        }

        var testDescription: String { fault }
    }

    /// Answers `[1, 2, 3]` where no stream is asked for, and else three events and `[DONE]`.
    private static func simulator() throws -> VLLMSimulator {
        var options = VLLMSimulator.Options(respond: { request in
            request.json?["stream"] == true ? .events(["one", "zwölf", "{}", "[DONE]"]) : .json([1, 2, 3])
        })
        // A test that is kept waiting by others still finds the connection there.
        options.idleTimeout = nil
        return try VLLMSimulator(options: options)
    }

    private static let one = "B\r\ndata: one\n\n\r\n"
    private static let two = "E\r\ndata: zwölf\n\n\r\n"
    private static let three = "A\r\ndata: {}\n\n\r\n"
    private static let done = "E\r\ndata: [DONE]\n\n\r\n"
    private static let end = "0\r\n\r\n"
    private static let garbage = "no answer of anything\r\n\r\n\u{0}\u{1}"
    private static let dead =
        #"data: {"error": {"message": "EngineCore encountered an issue. See stack trace (above) for the root cause.", "#
        + #""type": "InternalServerError", "param": null, "code": 500}}"# + "\n\n"

    static let streams = [
        Case("reset-at-byte=0", "", .reset),
        Case("reset-at-byte=13", one + "2\r\nda\r\n", .reset),
        Case("close-at-byte=11", one, .closed),
        Case("close-at-byte=13", one + "2\r\nda\r\n", .closed),
        Case("close-at-byte=1000", one + two + three + done, .closed),
        Case("stall-at-byte=13", one + "2\r\nda\r\n", .silent),
        Case("truncate-chunk=13", one + "E\r\nda", .closed),
        Case("truncate-chunk=0", "B\r\n", .closed),
        Case("truncate-chunk=1000", one + two + three + done, .closed),
        Case("bad-chunk=11", one + "zz\r\ndata: zwölf\n\n\r\n", .silent),
        Case("bad-chunk=13", one + "2\r\nda\r\nzz\r\nta: zwölf\n\n\r\n", .silent),
        Case("close-after", one + two + three + done + end, .closed),
        Case("garbage", one + two + three + done + end + garbage, .closed),
        Case(
            "drip=7; interval-ms=1",
            "7\r\ndata: o\r\n4\r\nne\n\n\r\n" + "7\r\ndata: z\r\n7\r\nwölf\n\n\r\n" + "7\r\ndata: {\r\n3\r\n}\n\n\r\n"
                + "7\r\ndata: [\r\n7\r\nDONE]\n\n\r\n" + end, .reusable),
        Case("content-type=text/html", one + two + three + done + end, .reusable),
        Case("other-form", "[1,2,3]", .reusable),
        Case(
            "sse-crlf",
            "D\r\ndata: one\r\n\r\n\r\n10\r\ndata: zwölf\r\n\r\n\r\nC\r\ndata: {}\r\n\r\n\r\n10\r\ndata: [DONE]\r\n\r\n\r\n" + end,
            .reusable),
        Case("sse-mixed", one + "E\r\ndata: zwölf\r\r\r\nC\r\ndata: {}\r\n\r\n\r\n" + done + end, .reusable),
        Case("sse-wrong-field", (one + two + three + done).replacing("data", with: "date") + end, .reusable),
        Case("sse-no-field", "5\r\none\n\n\r\n8\r\nzwölf\n\n\r\n4\r\n{}\n\n\r\n8\r\n[DONE]\n\n\r\n" + end, .reusable),
        Case("sse-no-blank-line", "A\r\ndata: one\n\r\nD\r\ndata: zwölf\n\r\n9\r\ndata: {}\n\r\nD\r\ndata: [DONE]\n\r\n" + end, .reusable),
        Case("invalid-event=2", one + two + "7\r\ndata:\n\n\r\n" + done + end, .reusable),
        Case("error-event=1", one + "\(String(dead.utf8.count, radix: 16, uppercase: true))\r\n\(dead)\r\n" + done + end, .reusable),
        Case("no-done", one + two + three + end, .reusable),
        Case("two-dones", one + two + three + done + done + end, .reusable),
        Case("events-after-done", one + two + three + done + "F\r\ndata: garbage\n\n\r\n" + end, .reusable),
    ]

    @Test("of a stream, exactly this comes", arguments: streams)
    func stream(expected: Case) async throws {
        let simulator = try Self.simulator()
        var exchange = try FaultyExchange(simulator, fault: expected.fault, body: ["stream": true])
        await exchange.read { !$0.body.isEmpty && $0.body.utf8.count >= expected.body.utf8.count }
        #expect(exchange.body == expected.body)
        #expect(try await exchange.ends(as: expected.ending))
    }

    static let answers = [
        Case("reset-at-byte=3", "[1,", .reset),
        Case("close-at-byte=0", "", .closed),
        Case("close-at-byte=3", "[1,", .closed),
        Case("stall-at-byte=3", "[1,", .silent),
        Case("truncate-chunk=3", "7\r\n[1,", .closed),
        Case("bad-chunk=3", "3\r\n[1,\r\nzz\r\n2,3]\r\n", .silent),
        Case("close-after", "[1,2,3]", .closed),
        Case("garbage", "[1,2,3]" + garbage, .closed),
        Case("drip=3; interval-ms=1", "[1,2,3]", .reusable),
        Case("content-type=text/html", "[1,2,3]", .reusable),
        Case("other-form", one + two + three + done + end, .reusable),
        Case("sse-crlf", "[1,2,3]", .reusable),
        Case("two-dones", "[1,2,3]", .reusable),
        Case("status=200; body=<html>;</html>", "<html>;</html>", .reusable),
        Case("status=401", #"{"error":"Unauthorized"}"#, .reusable),
        Case("status=404; body=", "", .reusable),
    ]

    @Test("of an answer in one piece, exactly this comes", arguments: answers)
    func answer(expected: Case) async throws {
        let simulator = try Self.simulator()
        var exchange = try FaultyExchange(simulator, fault: expected.fault)
        await exchange.read {
            $0.text.contains("\r\n\r\n") && $0.body.utf8.count >= expected.body.utf8.count
                && (!expected.body.isEmpty || expected.ending == .reusable)
        }
        #expect(exchange.body == expected.body)
        #expect(try await exchange.ends(as: expected.ending))
    }

    @Test(
        "a head breaks off where it is to, streamed or not", arguments: SimulatedFault.Break.allCases, [0, 1, 9, 40])
    func head(how: SimulatedFault.Break, count: Int) async throws {
        let simulator = try Self.simulator()
        for streams in [true, false] {
            var exchange = try FaultyExchange(simulator, fault: "\(how.rawValue)-in-head=\(count)", body: ["stream": .bool(streams)])
            await exchange.read { $0.bytes.count >= count && count > 0 || how == .stall && count == 0 }
            #expect(exchange.bytes.count == count)
            #expect(Array("HTTP/1.1 200 OK\r\ndate: ".utf8).starts(with: exchange.bytes.prefix(23)))
            #expect(try await exchange.ends(as: how == .reset ? .reset : how == .close ? .closed : .silent))
        }
    }

    @Test("every byte of a stream comes in a chunk of its own")
    func splitBytes() async throws {
        let simulator = try Self.simulator()
        var exchange = try FaultyExchange(simulator, fault: "sse-split-bytes", body: ["stream": true])
        await exchange.read { $0.text.hasSuffix(Self.end) }
        #expect(exchange.body.hasPrefix("1\r\nd\r\n1\r\na\r\n1\r\nt\r\n"))
        // The bytes of ö are apart.
        #expect(exchange.bytes.firstRange(of: Array("1\r\n".utf8) + [0xC3] + Array("\r\n1\r\n".utf8) + [0xB6]) != nil)
        #expect(try await exchange.ends(as: .reusable))
    }

    @Test("a status has its headers and body, and the type that the body looks like")
    func status() throws {
        let simulator = try Self.simulator()
        let fault = "status=529; retry-after=7; header=x-request-id: r; header=Content-Type: a/b; body={\"a\": 1; 2}"
        let scripted = try exchange(simulator, fault)
        #expect(scripted.status.hasPrefix("HTTP/1.1 529 "))
        #expect(scripted["retry-after"] == "7")
        #expect(scripted["x-request-id"] == "r")
        #expect(scripted.headers.filter { $0.name == "content-type" }.map(\.value) == ["a/b"])
        #expect(scripted.body == "{\"a\": 1; 2}")
        #expect(try exchange(simulator, "status=200; body=<html>")["content-type"] == "text/html")
        #expect(try exchange(simulator, "status=503")["content-type"] == "application/json")
        #expect(try exchange(simulator, "error-event=5").status == "HTTP/1.1 500 Internal Server Error")
        #expect(try exchange(simulator, "content-type=text/html")["content-type"] == "text/html")
    }

    private func exchange(_ simulator: VLLMSimulator, _ fault: String) throws -> RawExchange {
        try RawExchange(port: simulator.port, method: "POST", path: "/v1/completions", headers: [(FaultRule.headerName, fault)])
    }

    @Test(
        "a body without end goes on until the client leaves, and then it is over",
        arguments: [
            ("gzip-bomb", true, "B\r\n"), ("gzip-bomb", false, "B\r\n"), ("endless-line", true, "6\r\ndata: \r\n8000\r\nxxx"),
            ("endless-line", false, "8\r\n{\"id\": \"\r\n8000\r\nxxx"),
            ("endless-stream", true, one + two + "A\r\ndata: {}\n\n\r\n7FF8\r\ndata: {}\n\ndata: {}\n\n"),
            ("endless-stream", false, "8\r\n{\"id\": \"\r\n8000\r\nxxx"),
        ])
    func endless(fault: String, streams: Bool, beginning: String) async throws {
        let ends = AsyncStream.makeStream(of: Bool.self)
        var options = VLLMSimulator.Options(respond: { $0.json?["stream"] == true ? .events(["one", "zwölf", "{}", "x"]) : .json([1]) })
        options.observe = { if case .finished(_, let isComplete) = $0 { ends.continuation.yield(isComplete) } }
        let simulator = try VLLMSimulator(options: options)
        var exchange = try FaultyExchange(simulator, fault: fault, body: ["stream": .bool(streams)])
        await exchange.read { $0.bytes.count >= 1 << 20 }
        #expect(exchange.end == nil)
        #expect(exchange.body.hasPrefix(beginning))
        exchange.socket.close()
        for await isComplete in ends.stream {
            #expect(!isComplete)
            break
        }
    }

    @Test("a compressed body is what zlib inflates to a line of one letter")
    func gzip() async throws {
        let simulator = try Self.simulator()
        var exchange = try FaultyExchange(simulator, fault: "gzip-bomb")
        await exchange.read { $0.bytes.count >= 4096 }
        #expect(exchange.text.contains("content-encoding: gzip\r\n"))
        // Looked at with Python's zlib: 13 bytes make 2,064 letters.
        let period: [UInt8] = [0x18, 0x05, 0xA3, 0x60, 0x14, 0x8C, 0x82, 0x51, 0x30, 0x0A, 0x46, 0xC1, 0x28]
        let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xAB]
        #expect(exchange.bytes.firstRange(of: head + Array("\r\n7FF8\r\n".utf8) + period + period + period) != nil)
    }
}
