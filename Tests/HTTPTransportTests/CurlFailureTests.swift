import HTTPTransport
import TestSupport
import Testing

@Suite("CurlTransport: failures", .timeLimit(.minutes(1)))
struct CurlFailureTests {
    let transport = CurlTransport(options: .loopback)

    private func error(of request: HTTPRequest, _ transport: CurlTransport? = nil) async -> TransportError? {
        await failure { () throws(TransportError) in _ = try await (transport ?? self.transport).send(request).body.collect(upTo: 1 << 20) }
    }

    @Test("a refused connection names the address")
    func refused() async throws {
        let nobody = ClosedPort()
        let port = nobody.number
        let error = await error(of: HTTPRequest(url: "http://127.0.0.1:\(port)/v1"))
        #expect(error == TransportError(.connectionFailed, "connection refused by 127.0.0.1:\(port)"))
        let six = await self.error(of: HTTPRequest(url: "http://[::1]:\(port)/v1"))
        #expect(six?.code == .connectionFailed)
        #expect(six?.message.contains("[::1]:\(port)") == true)
    }

    @Test("a host that nobody knows is named")
    func unknownHost() async {
        // Longer than a label of a name may be, so that no name server is asked.
        let host = "\(String(repeating: "a", count: 64)).invalid"
        let error = await error(of: HTTPRequest(url: "http://\(host):8000/v1"))
        #expect(error == TransportError(.hostNotFound, "the host \(host) is not known"))
    }

    @Test("a server that does not accept runs into the limit for connecting")
    func connectTimeout() async throws {
        let server = try FullListener()
        let request = HTTPRequest(
            url: "http://127.0.0.1:\(server.port)", timeouts: HTTPTimeouts(connect: .milliseconds(150), total: .seconds(50)))
        let error = await error(of: request)
        #expect(error == TransportError(.connectTimeout, "no connection to 127.0.0.1:\(server.port) within 150 ms"))
    }

    @Test("an answer that takes too long runs into the total limit, before the head and after", arguments: [false, true])
    func totalTimeout(startsBody: Bool) async throws {
        let closed = Signal()
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            if startsBody { peer.startChunked() }
            peer.waitForClose()
            closed.fire()
        }
        let error = await error(of: HTTPRequest(url: server.url(), timeouts: HTTPTimeouts(total: .milliseconds(150))))
        await closed.wait()
        #expect(error == TransportError(.timeout, "no complete answer from \(server.address) within 150 ms"))
    }

    /// What a server may do wrong, and what it is to be called.
    static let wrongs: [(sent: String, code: TransportError.Code, message: String)] = [
        ("", .connectionLost, "ADDRESS closed the connection without an answer"),
        ("HTTP/1.1 200 OK\r\nContent-Le", .connectionLost, "the connection to ADDRESS was closed within the head of the response"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", .connectionLost,
            "the connection to ADDRESS was closed before the end of the response"
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n", .connectionLost,
            "the connection to ADDRESS was closed before the end of the response"
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nfirst", .connectionLost,
            "the connection to ADDRESS was closed before the end of the response"
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n", .protocolViolation, "ADDRESS does not answer in proper HTTP"),
        ("SSH-2.0-OpenSSH_9.2\r\n", .protocolViolation, "ADDRESS does not answer in proper HTTP"),
        ("\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}P", .protocolViolation, "ADDRESS does not answer in proper HTTP"),
        (
            "HTTP/1.1 200 OK\r\nX-Huge: \(String(repeating: "x", count: 70_000))\r\n\r\n", .headersTooLarge,
            "the header fields of the response from ADDRESS"
        ),
        (
            "HTTP/1.1 200 OK\r\n\(String(repeating: "X-Many: x\r\n", count: 7000))\r\n", .headersTooLarge,
            "the header fields of the response from ADDRESS"
        ),
        (
            String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 3000), .headersTooLarge,
            "the header fields of the response from ADDRESS"
        ),
    ]

    @Test("what a server does wrong is told apart", arguments: wrongs.indices)
    func wrong(index: Int) async throws {
        let wrong = Self.wrongs[index]
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            peer.send(wrong.sent)
        }
        let error = await error(of: HTTPRequest(url: server.url()))
        #expect(error?.code == wrong.code)
        let message = wrong.message.replacing("ADDRESS", with: server.address)
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "no error")")
    }

    @Test("a connection that is reset in the middle of a body is lost, after what came before it")
    func reset() async throws {
        let goOn = Signal()
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            peer.startChunked()
            peer.sendChunk("first")
            goOn.waitBlocking()
            peer.reset()
        }
        var iterator = try await transport.send(HTTPRequest(url: server.url())).body.makeAsyncIterator()
        let batch = try await iterator.next()
        #expect(batch == Array("first".utf8))
        goOn.fire()
        for _ in 0..<2 {
            let error = await failure { () throws(TransportError) in _ = try await iterator.next() }
            #expect(error?.code == .connectionLost)
            #expect(error?.message.hasPrefix("the connection to \(server.address) broke before the end of the response") == true)
        }
    }

    @Test("bytes that came before a failure are read before it")
    func bytesFirst() async throws {
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort")
        }
        var iterator = try await transport.send(HTTPRequest(url: server.url())).body.makeAsyncIterator()
        let batch = try await iterator.next()
        #expect(batch == Array("short".utf8))
        let error = await failure { () throws(TransportError) in _ = try await iterator.next() }
        #expect(error?.code == .connectionLost)
    }

    @Test(
        "a URL that cannot be used is refused before anything is sent",
        arguments: [
            ("", "cannot be used"), ("127.0.0.1:8000", "a URL starts with http:// or https://"), ("http://", "cannot be used"),
            ("ftp://127.0.0.1/x", "only http and https"), ("file:///etc/passwd", "only http and https"), ("http://a b/", "cannot be used"),
            ("http://127.0.0.1:99999/", "cannot be used"), ("http://127.0.0.1/\r\nX-Evil: 1", "cannot be used"), ("http://a\0b/", "NUL"),
            ("http://me:secret@127.0.0.1/", "Authorization"), ("http://me@127.0.0.1/", "Authorization"),
            ("http://me:secret@:x/", "cannot be used"),
        ])
    func invalidURL(url: String, message: String) async {
        let error = await error(of: HTTPRequest(url: url))
        #expect(error?.code == .invalidURL)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
        #expect(error?.message.contains("secret") == false)
    }

    @Test(
        "a request that cannot be sent as it is is refused",
        arguments: [
            HTTPRequest(method: "GET /evil HTTP/1.1\r\n", url: "http://127.0.0.1:9/"), HTTPRequest(method: "", url: "http://127.0.0.1:9/"),
            HTTPRequest(url: "http://127.0.0.1:9/", headers: ["X-Bad": "secret\r\nX-Evil: 1"]),
            HTTPRequest(url: "http://127.0.0.1:9/", headers: ["X Bad": "secret"]),
            HTTPRequest(url: "http://127.0.0.1:9/", headers: ["": "secret"]),
            HTTPRequest(url: "http://127.0.0.1:9/", headers: ["content-length": "3"]),
            HTTPRequest(method: "HEAD", url: "http://127.0.0.1:9/", body: [1]),
        ])
    func invalidRequest(request: HTTPRequest) async {
        let error = await error(of: request)
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.contains("secret") == false)
    }

    @Test("a proxy that cannot be reached, or that refuses, is named as the proxy's failure")
    func proxy() async throws {
        let nobody = ClosedPort()
        let dead = CurlTransport(options: CurlTransport.Options(proxy: nobody.baseURL))
        let unreachable = await error(of: HTTPRequest(url: "http://models.example/"), dead)
        #expect(unreachable?.code == .proxy)
        for (status, code) in [
            (403, TransportError.Code.proxyRefused), (401, .proxyAuthentication), (407, .proxyAuthentication), (502, .proxy),
        ] {
            let refusing = try LoopbackServer { _, peer in peer.respond(status: "\(status) No") }
            let refused = await error(
                of: HTTPRequest(url: "https://models.example/"), CurlTransport(options: CurlTransport.Options(proxy: refusing.url())))
            #expect(refused == TransportError(code, "the proxy refused to connect to models.example:443: HTTP status \(status)"))
        }
    }
}
