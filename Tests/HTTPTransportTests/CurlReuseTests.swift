import HTTPTransport
import Locks
import Testing

@Suite("CurlTransport: connections that are used again", .timeLimit(.minutes(1)))
struct CurlReuseTests {
    let transport = CurlTransport(options: .loopback)

    @Test("a request that a kept connection swallowed without an answer is sent again on a new one, however often that happens")
    func swallowed() async throws {
        let server = try LoopbackServer { peer in
            guard peer.readRequest() != nil else { return }
            peer.respond("\(peer.number)")
            // The second request is read, and the connection closed: as when a server's keep-alive ends.
            _ = peer.readRequest()
        }
        for number in 1...15 {
            let text = try await transport.send(HTTPRequest(method: "POST", url: server.url(), body: [1])).body.text()
            #expect(text == "\(number)")
        }
    }

    @Test(
        "when all kept connections are dead, a new one takes the request: when they end in silence, and when they break within it",
        arguments: [1, 20_000_000])
    func allDead(size: Int) async throws {
        let kept = 12
        let hasAll = Signal(count: kept)
        let server = try LoopbackServer { peer in
            guard peer.readRequest() != nil else { return }
            hasAll.fire()
            hasAll.waitBlocking()
            peer.respond("\(peer.number)")
            peer.waitForBytes()
        }
        try await withThrowingTaskGroup { group in
            for _ in 0..<kept {
                group.addTask { _ = try await transport.send(HTTPRequest(url: server.url())).body.text() }
            }
            try await group.waitForAll()
        }
        #expect(server.connectionCount == kept)
        let body = [UInt8](repeating: 120, count: size)
        let text = try await transport.send(HTTPRequest(method: "POST", url: server.url(), body: body)).body.text()
        #expect(text == "\(kept + 1)")
    }

    @Test("a new connection that swallows a request is not tried again")
    func newAndDead() async throws {
        let server = try LoopbackServer { (peer: Peer) in
            let first = peer.number == 1 ? peer.readRequest() : nil
            if first != nil { peer.respond("1") }
            _ = peer.readRequest()
        }
        let text = try await transport.send(HTTPRequest(url: server.url())).body.text()
        #expect(text == "1")
        let error = await failure { () throws(TransportError) in _ = try await transport.send(HTTPRequest(url: server.url())) }
        #expect(error == TransportError(.connectionLost, "\(server.address) closed the connection without an answer"))
        #expect(server.connectionCount == 2)
    }

    @Test("an answer on a connection that went straight from one exchange to the next is nobody else's when a third one starts")
    func handedOn() async throws {
        let transport = CurlTransport(
            options: CurlTransport.Options(proxy: "", maxConnectionsPerHost: 1, idleConnectionLifetime: .seconds(600)))
        let arrived = ["/1": Signal(), "/2": Signal()]
        let answers = ["/1": Signal(), "/2": Signal()]
        let isAnswered = Signal()
        let paths = Guarded<[String]>([])
        let server = try LoopbackServer { request, peer in
            paths.withLock { $0.append(request.path) }
            arrived[request.path]?.fire()
            answers[request.path]?.waitBlocking()
            peer.respond(request.path)
            if request.path == "/2" { isAnswered.fire() }
        }
        // On the engine's own thread, what is begun is in order.
        let engine = transport.executor
        @Sendable func begin(_ path: String) -> Task<String, any Error> {
            Task(executorPreference: engine) {
                // The time that a request waits for another's connection counts as connecting.
                let request = HTTPRequest(url: server.url(path), timeouts: HTTPTimeouts(connect: .seconds(500)))
                return try await transport.send(request).body.text()
            }
        }

        let first = begin("/1")
        await arrived["/1"]?.wait()
        let second = begin("/2")
        // When the engine has come here twice, the second exchange waits for the first one's connection.
        await Task(executorPreference: engine) { await Task.yield() }.value
        answers["/1"]?.fire()
        await arrived["/2"]?.wait()

        // The engine is kept from reading the second answer until the third exchange is about to start.
        let isHeld = Signal()
        let goOn = Signal()
        let hold = Task(executorPreference: engine) {
            isHeld.fire()
            goOn.waitBlocking()
        }
        await isHeld.wait()
        answers["/2"]?.fire()
        await isAnswered.wait()
        let third = begin("/3")
        goOn.fire()
        await hold.value

        let texts = try await [first.value, second.value, third.value]
        #expect(texts == ["/1", "/2", "/3"])
        #expect(paths.withLock { $0 } == ["/1", "/2", "/3"])
        #expect(server.connectionCount == 1)
    }

    @Test(
        "what a server sends unasked is not taken for the answer to the next request",
        arguments: ["HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold", "?"])
    func unasked(bytes: String) async throws {
        let isRead = Signal()
        let isSent = Signal()
        let server = try LoopbackServer { request, peer in
            peer.respond("\(peer.number)")
            guard peer.number == 1 else { return }
            isRead.waitBlocking()
            peer.send(bytes)
            isSent.fire()
        }
        let first = try await transport.send(HTTPRequest(url: server.url())).body.text()
        isRead.fire()
        await isSent.wait()
        let second = try await transport.send(HTTPRequest(url: server.url())).body.text()
        #expect([first, second] == ["1", "2"])
    }

    @Test("requests over one connection that differ in method, path, fields and body are each sent as they are")
    func alternating() async throws {
        let server = try LoopbackServer { request, peer in
            let fields = ["X-A", "Content-Type"].map { request.header($0) ?? "-" }.joined(separator: " ")
            let sum = request.body.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFFFF }
            let seen = "\(request.method) \(request.path) \(fields) \(request.body.count) \(sum)"
            // An answer to HEAD has no body, so what was seen is told in a field.
            peer.send("HTTP/1.1 200 OK\r\nX-Seen: \(seen)\r\nContent-Length: 0\r\n\r\n")
        }
        // 64 KiB is where libcurl begins to read a body bit by bit.
        let bodies = [nil, 0, 1, 65_535, nil, 65_536, 200_000, 3, 70_000, nil, 5].map { size in
            size.map { size in (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) } }
        }
        let methods = ["GET", "POST", "POST", "PUT", "HEAD", "POST", "PATCH", "POST", "POST", "DELETE", "DELETE"]
        let fields: [HTTPHeaders] = [[:], ["X-A": "1"], ["X-A": "1"], ["X-A": "2", "Content-Type": "a/b"]]
        for round in 0..<3 {
            for (index, (method, body)) in zip(methods, bodies).enumerated() {
                let headers = fields[(index + round) % fields.count]
                let path = "/\((index + round) % 2)"
                let response = try await transport.send(
                    HTTPRequest(method: method, url: server.url(path), headers: headers, body: body))
                _ = try await response.body.text()
                let sum = (body ?? []).reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFFFF }
                let expected = "\(method) \(path) \(headers["X-A"] ?? "-") \(headers["Content-Type"] ?? "-") \(body?.count ?? 0) \(sum)"
                #expect(response.headers["X-Seen"] == expected)
            }
        }
        #expect(server.connectionCount == 1)
    }

    @Test("a kept connection that the server has closed is not used: a long request goes over a new one")
    func closedMeanwhile() async throws {
        let isClosed = Signal()
        let wasUsed = Guarded(false)
        let server = try LoopbackServer { (peer: Peer) in
            guard peer.readRequest() != nil else { return }
            peer.respond("\(peer.number)")
            guard peer.number == 1 else { return peer.waitForClose() }
            peer.endSending()
            isClosed.fire()
            if peer.readRequest() != nil { wasUsed.withLock { $0 = true } }
        }
        let first = try await transport.send(HTTPRequest(url: server.url())).body.text()
        await isClosed.wait()
        let body = [UInt8](repeating: 120, count: 1_000_000)
        let second = try await transport.send(HTTPRequest(method: "POST", url: server.url(), body: body)).body.text()
        #expect([first, second] == ["1", "2"])
        #expect(!wasUsed.withLock { $0 })
    }

    @Test("an answer that comes at once and is not read does not count as one that nobody asked for", arguments: 1...5)
    func stoppedAtOnce(number: Int) async throws {
        let transport = CurlTransport(options: CurlTransport.Options(proxy: "", bufferLimit: 1, idleConnectionLifetime: .seconds(600)))
        let size = 300_000
        let server = try LoopbackServer { request, peer in
            peer.respond(request.path == "/other" ? "other" : String(repeating: "x", count: size))
        }
        for _ in 0..<20 {
            let response = try await transport.send(HTTPRequest(url: server.url()))
            // Others come and go while the answer is left where it is.
            let other = try await transport.send(HTTPRequest(url: server.url("/other"))).body.text()
            #expect(other == "other")
            let body = try await response.body.collect(upTo: size)
            #expect(body.count == size)
        }
    }
}
