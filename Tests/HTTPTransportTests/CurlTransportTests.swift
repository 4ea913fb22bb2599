import HTTPTransport
import Testing

@Suite("CurlTransport: requests and responses", .timeLimit(.minutes(1)))
struct CurlTransportTests {
    let transport = CurlTransport(options: .loopback)

    @Test("a GET brings status, header fields and body")
    func get() async throws {
        let server = try LoopbackServer { request, peer in
            peer.respond(
                status: "404 Not Found", headers: "X-Seen: \(request.method) \(request.path)\r\nX-Twice: 1\r\nX-Twice:2\r\n", "gone")
        }
        let response = try await transport.send(HTTPRequest(url: server.url("/v1/models?a=b#c")))
        let body = try await response.body.text()
        #expect(response.status == 404)
        #expect(response.headers["x-seen"] == "GET /v1/models?a=b")
        let twice = response.headers.filter { $0.name == "X-Twice" }.map(\.value)
        #expect(twice == ["1", "2"])
        #expect(body == "gone")
    }

    @Test("a POST sends its bytes as they are", arguments: [0, 1, 1000, 3_000_000])
    func post(count: Int) async throws {
        let server = try LoopbackServer { request, peer in
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(request.body.count)\r\n\r\n")
            peer.send(request.body)
        }
        let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let echoed = try await transport.send(HTTPRequest(method: "POST", url: server.url(), body: body)).body.collect(upTo: count)
        #expect(echoed == body)
    }

    @Test("only what was asked for is sent along")
    func head() async throws {
        let server = try LoopbackServer { request, peer in peer.respond(request.head) }
        let request = HTTPRequest(
            method: "POST", url: server.url("/x"),
            headers: ["Authorization": "Bearer k", "X-Empty": "", "Content-Type": "application/json"],
            body: Array("{}".utf8))
        let head = try await transport.send(request).body.text()
        let lines = Set(head.split(separator: "\r\n").map(String.init))
        let expected: Set = [
            "POST /x HTTP/1.1", "Host: \(server.address)", "User-Agent: vllm-provider", "Accept: */*", "Authorization: Bearer k",
            "X-Empty:",
            "Content-Type: application/json", "Content-Length: 2",
        ]
        #expect(lines == expected)
    }

    @Test("the caller's own Host, User-Agent and Accept stand in for the transport's")
    func ownFields() async throws {
        let server = try LoopbackServer { request, peer in peer.respond(request.head) }
        let headers: HTTPHeaders = ["Host": "models.example", "User-Agent": "me/1", "Accept": "text/event-stream"]
        let head = try await transport.send(HTTPRequest(url: server.url("/x"), headers: headers)).body.text()
        #expect(
            Set(head.split(separator: "\r\n")) == [
                "GET /x HTTP/1.1", "Host: models.example", "User-Agent: me/1", "Accept: text/event-stream",
            ])
    }

    @Test("every method goes out as it is named, and the next one is not mixed up with it")
    func methods() async throws {
        let server = try LoopbackServer { request, peer in
            let isHead = request.method == "HEAD"
            let text = "\(request.method) \(request.body.count) \(request.header("Content-Type") ?? "-")"
            if isHead {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX-Seen: \(text)\r\n\r\n")
            } else {
                peer.respond(headers: "X-Seen: \(text)\r\n", text)
            }
        }
        let requests: [(String, [UInt8]?)] = [
            ("GET", nil), ("HEAD", nil), ("DELETE", nil), ("POST", [1, 2]), ("PUT", [1]), ("PATCH", []), ("DELETE", [1]), ("POST", nil),
            ("GET", nil),
        ]
        for (method, body) in requests {
            let response = try await transport.send(HTTPRequest(method: method, url: server.url(), body: body))
            let seen = "\(method) \(body?.count ?? 0) -"
            let text = try await response.body.text()
            #expect(response.headers["X-Seen"] == seen)
            #expect(text == (method == "HEAD" ? "" : seen))
        }
        #expect(server.connectionCount == 1)
    }

    @Test("requests one after the other share a connection, and each gets its own answer")
    func reuse() async throws {
        let server = try LoopbackServer { request, peer in peer.respond(request.path) }
        for path in ["/1", "/2", "/3"] {
            let text = try await transport.send(HTTPRequest(url: server.url(path))).body.text()
            #expect(text == path)
        }
        #expect(server.connectionCount == 1)
    }

    @Test("requests at the same time use no more connections than they may")
    func connectionLimit() async throws {
        let server = try LoopbackServer { request, peer in peer.respond(request.path) }
        let transport = CurlTransport(options: CurlTransport.Options(proxy: "", maxConnectionsPerHost: 2))
        try await withThrowingTaskGroup { group in
            for number in 0..<20 {
                group.addTask { try await transport.send(HTTPRequest(url: server.url("/\(number)"))).body.text() }
            }
            let texts = try await group.reduce(into: Set<String>()) { $0.insert($1) }
            #expect(texts.count == 20)
        }
        #expect(server.connectionCount <= 2)
    }

    @Test("redirects are returned, not followed")
    func redirect() async throws {
        let server = try LoopbackServer { _, peer in peer.respond(status: "307 Temporary Redirect", headers: "Location: /elsewhere\r\n") }
        let response = try await transport.send(HTTPRequest(url: server.url()))
        #expect(response.status == 307)
        #expect(response.headers["location"] == "/elsewhere")
        #expect(server.connectionCount == 1)
    }

    @Test("interim responses and trailers are left out, and folded fields are joined")
    func interim() async throws {
        let server = try LoopbackServer { _, peer in
            peer.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Long: a\r\n  b\r\nX-None:\r\n\r\n")
            peer.send("2\r\nok\r\n0\r\nX-Trailer: late\r\n\r\n")
        }
        let response = try await transport.send(HTTPRequest(url: server.url()))
        let text = try await response.body.text()
        #expect(response.status == 200)
        #expect(response.headers.map { "\($0.name)=\($0.value)" } == ["Transfer-Encoding=chunked", "X-Long=a b", "X-None="])
        #expect(text == "ok")
    }

    @Test("a body without a length ends with the connection")
    func untilClose() async throws {
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            peer.send("HTTP/1.0 200 OK\r\n\r\nall there is")
        }
        let text = try await transport.send(HTTPRequest(url: server.url())).body.text()
        #expect(text == "all there is")
    }

    @Test("a proxy gets the request, and the environment has no say")
    func proxy() async throws {
        let proxy = try LoopbackServer { request, peer in peer.respond(request.path) }
        let transport = CurlTransport(options: CurlTransport.Options(proxy: proxy.url()))
        let text = try await transport.send(HTTPRequest(url: "http://models.example:8000/v1")).body.text()
        #expect(text == "http://models.example:8000/v1")
    }

    @Test("collecting more than the limit fails")
    func collectLimit() async throws {
        let server = try LoopbackServer { _, peer in peer.respond("0123456789") }
        let response = try await transport.send(HTTPRequest(url: server.url()))
        let error = await failure { () throws(TransportError) in _ = try await response.body.collect(upTo: 9) }
        #expect(error?.code == .tooLarge)
    }
}
