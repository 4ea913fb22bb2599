import Foundation
import HTTPTransport
import JSON
import TestSupport
import Testing
import VLLMSimulator

@Suite("Connections that are refused, idle or not trusted", .timeLimit(.minutes(1)))
struct ConnectionFaultTests {
    @Test("a refusing simulator cuts the request, then refuses, then answers again on its port")
    func refuse() async throws {
        let simulator = try VLLMSimulator(options: .init(respond: { _ in .json([1]) }))
        var old = try FaultyExchange(simulator, fault: "garbage; count=0")
        await old.read { $0.body == "[1]" }
        var cut = try FaultyExchange(simulator, fault: "refuse")
        #expect(try await cut.ends(as: .closed))
        let refused = #expect(throws: RawSocket.Failure.self) { try RawSocket(port: simulator.port) }
        #expect(refused?.code == ECONNREFUSED)
        // A connection from before is no way around.
        try old.send("/v1/completions")
        #expect(try await old.ends(as: .closed))
        try simulator.acceptConnections()
        try simulator.acceptConnections()
        #expect(try RawExchange(port: simulator.port, method: "GET", path: "/version").body == "[1]")
        simulator.refuseConnections()
        #expect(throws: RawSocket.Failure.self) { try RawSocket(port: simulator.port) }
        try simulator.acceptConnections()
        #expect(try RawExchange(port: simulator.port, method: "GET", path: "/version").body == "[1]")
        #expect(simulator.requests.count == 4)
    }

    @Test("a simulator that refuses for a time accepts by itself then, and one that is stopped meanwhile does not")
    func refuseForATime() async throws {
        let simulator = try VLLMSimulator()
        var cut = try FaultyExchange(simulator, fault: "refuse=0.02")
        #expect(try await cut.ends(as: .closed))
        var socket: RawSocket?
        while socket == nil { socket = try? RawSocket(port: simulator.port) }
        var other = try FaultyExchange(simulator, fault: "refuse=500")
        #expect(try await other.ends(as: .closed))
        simulator.stop()
        try simulator.acceptConnections()
        #expect(throws: RawSocket.Failure.self) { try RawSocket(port: simulator.port) }
    }

    @Test("an idle connection is closed after its time, and one with an answer on its way is not")
    func idle() async throws {
        let pause = SimulatedResponse.Part.pause(.milliseconds(1300))
        var options = VLLMSimulator.Options(respond: { _ in
            var response = SimulatedResponse(parts: [.bytes([65]), pause, .bytes([66])], isChunked: false)
            response.before = [pause]
            return response
        })
        options.idleTimeout = .milliseconds(900)
        let simulator = try VLLMSimulator(options: options)
        var slow = try FaultyExchange(simulator, fault: "garbage; count=0")
        await slow.read { $0.text.hasSuffix("AB") }
        #expect(slow.end == nil)
        #expect(try await slow.ends(as: .closed))
    }

    @Test("without a time, an idle connection stays open")
    func noIdleTimeout() async throws {
        var options = VLLMSimulator.Options(respond: { _ in .json([1]) })
        options.idleTimeout = nil
        let simulator = try VLLMSimulator(options: options)
        var exchange = try FaultyExchange(simulator, fault: "garbage; count=0")
        await exchange.read { $0.body == "[1]" }
        let next = await exchange.socket.received(within: 50)
        #expect(next == .silence)
        #expect(try await exchange.ends(as: .reusable))
    }

    @Test(
        "a certificate is good, expired or another host's, and trusted by nobody who was not given it",
        arguments: SimulatedCertificate.allCases)
    func certificates(kind: SimulatedCertificate) async throws {
        try await withTemporaryDirectory { folder in
            var options = VLLMSimulator.Options()
            options.certificate = kind
            let simulator = try VLLMSimulator(options: options)
            #expect(simulator.baseURL == "https://127.0.0.1:\(simulator.port)")
            let file = "\(folder)/certificate.pem"
            try #require(simulator.certificate).write(toFile: file, atomically: true, encoding: .utf8)
            func version(_ options: CurlTransport.Options) async throws(TransportError) -> String {
                let response = try await CurlTransport(options: options).send(HTTPRequest(url: simulator.baseURL + "/version"))
                return String(decoding: try await response.body.collect(upTo: 1000), as: UTF8.self)
            }
            func problem(_ options: CurlTransport.Options) async -> TransportError? {
                do throws(TransportError) {
                    _ = try await version(options)
                    return nil
                } catch { return error }
            }
            let unknown = await problem(CurlTransport.Options(proxy: ""))
            #expect(unknown?.code == .tls)
            #expect(unknown?.message.contains("self-signed") == true)
            let known = CurlTransport.Options(caFile: file, proxy: "")
            if kind == .selfSigned {
                #expect(try await version(known) == #"{"version":"0.32.0"}"#)
            } else {
                let error = await problem(known)
                #expect(error?.code == .tls)
                #expect(error?.message.contains(kind == .expired ? "expired" : "name") == true)
            }
            #expect(try await version(CurlTransport.Options(insecureSkipVerify: true, proxy: "")) == #"{"version":"0.32.0"}"#)
        }
    }

    @Test("faults work under TLS too", arguments: [("truncate-chunk=5", "{\"ver"), ("close-at-byte=3", "{\"v"), ("reset-at-byte=1", "{")])
    func underTLS(fault: String, received: String) async throws {
        var options = VLLMSimulator.Options()
        options.certificate = .selfSigned
        let simulator = try VLLMSimulator(options: options)
        let transport = CurlTransport(options: CurlTransport.Options(insecureSkipVerify: true, proxy: ""))
        let headers: HTTPHeaders = [FaultRule.headerName: "\(fault); path=*"]
        let response = try await transport.send(HTTPRequest(url: simulator.baseURL + "/version", headers: headers))
        var bytes: [UInt8] = []
        do {
            for try await piece in response.body { bytes += piece }
            Issue.record("the answer came to an end")
        } catch { #expect(error.code == .connectionLost) }
        #expect(String(decoding: bytes, as: UTF8.self) == received)
    }
}
