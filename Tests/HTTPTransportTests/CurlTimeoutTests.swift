import Testing

@testable import HTTPTransport

@Suite("CurlTransport: time limits", .timeLimit(.minutes(1)))
struct CurlTimeoutTests {
    private let transport = CurlTransport(options: .loopback)
    private let idle = TransportError(.idleTimeout, "nothing came")

    /// A server that answers a request with a text and then says nothing more.
    private func server(_ answer: String, closed: Signal = Signal()) throws -> LoopbackServer {
        try LoopbackServer { peer in
            guard peer.readRequest() != nil else { return }
            peer.send(answer)
            peer.waitForClose()
            closed.fire()
        }
    }

    private func error(_ url: String, _ timeouts: HTTPTimeouts) async -> TransportError? {
        let request = HTTPRequest(url: url, timeouts: timeouts)
        return await failure { () throws(TransportError) in _ = try await transport.send(request).body.collect(upTo: 1 << 20) }
    }

    private func limit(_ duration: Duration) -> ReadLimit { ReadLimit(deadline: .now + duration, error: idle) }

    @Test(
        "a server that accepts and says nothing, or not all of a head, runs into the limit for the first byte",
        arguments: ["", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "HTTP/1.1 200 OK\r\nX-A"])
    func firstByte(answer: String) async throws {
        let closed = Signal()
        let server = try server(answer, closed: closed)
        let error = await error(server.url(), HTTPTimeouts(firstByte: .milliseconds(150), total: .seconds(50)))
        #expect(error == TransportError(.firstByteTimeout, "no answer from \(server.address) within 150 ms"))
        await closed.wait()
    }

    @Test("the time to connect does not count as time to the first byte")
    func connecting() async throws {
        let server = try FullListener()
        let error = await error(
            "http://127.0.0.1:\(server.port)", HTTPTimeouts(connect: .milliseconds(150), firstByte: .milliseconds(20), total: .seconds(50)))
        #expect(error?.code == .connectTimeout)
    }

    @Test("the first byte's time starts anew on a connection that is used again")
    func reused() async throws {
        let server = try LoopbackServer { request, peer in
            if request.path == "/silent" { peer.waitForClose() } else { peer.respond("well") }
        }
        let first = try await transport.send(HTTPRequest(url: server.url())).body.text()
        #expect(first == "well")
        let error = await error(server.url("/silent"), HTTPTimeouts(firstByte: .milliseconds(50)))
        #expect(error?.code == .firstByteTimeout)
        #expect(server.connectionCount == 1)
    }

    @Test("a reader who waits too long gets its own error, after what came, and the connection is closed")
    func reading() async throws {
        let closed = Signal()
        let server = try server("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart", closed: closed)
        var iterator = try await transport.send(HTTPRequest(url: server.url())).body.makeAsyncIterator()
        let part = try await iterator.next(by: limit(.seconds(50)))
        #expect(part == Array("part".utf8))
        for _ in 0..<2 {
            let error = await failure { () throws(TransportError) in _ = try await iterator.next(by: limit(.milliseconds(50))) }
            #expect(error == idle)
        }
        await closed.wait()
    }

    @Test("a limit that is shorter than one before holds, and one that is longer is not cut short by it")
    func changingLimits() async throws {
        let goOn = [Signal(), Signal()]
        let server = try LoopbackServer { _, peer in
            peer.startChunked()
            for signal in goOn {
                peer.sendChunk("part")
                signal.waitBlocking()
            }
            peer.sendChunk("part")
            peer.waitForClose()
        }
        var iterator = try await transport.send(HTTPRequest(url: server.url())).body.makeAsyncIterator()
        for (signal, duration) in zip(goOn, [Duration.seconds(50), .seconds(40)]) {
            let part = try await iterator.next(by: limit(duration))
            #expect(part == Array("part".utf8))
            signal.fire()
        }
        let part = try await iterator.next()
        #expect(part == Array("part".utf8))
        let error = await failure { () throws(TransportError) in _ = try await iterator.next(by: limit(.milliseconds(20))) }
        #expect(error == idle)
    }

    @Test("limits that are due at almost the same time, or at once, are all kept", arguments: [1, 30])
    func together(milliseconds: Int) async throws {
        let server = try LoopbackServer { peer in peer.waitForClose() }
        let count = 200
        let codes = await withTaskGroup { group in
            for number in 0..<count {
                let total = Duration.milliseconds(milliseconds) + .microseconds(number * 7)
                group.addTask { await error(server.url(), HTTPTimeouts(total: total))?.code }
            }
            return await group.reduce(into: [TransportError.Code?]()) { $0.append($1) }
        }
        #expect(codes == Array(repeating: .timeout, count: count))
    }
}
