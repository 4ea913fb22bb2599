import HTTPTransport
import Locks
import Testing

@Suite("CurlTransport: who gets to see a key", .timeLimit(.minutes(1)))
struct CurlSecrecyTests {
    private static let fields: HTTPHeaders = ["Authorization": "Bearer planted-1", "X-Api-Key": "planted-2", "Cookie": "a=planted-3"]

    @Test("a redirect is returned and not followed, neither to another server nor to the same one", arguments: [301, 302, 303, 307, 308])
    func redirects(status: Int) async throws {
        let elsewhere = try LoopbackServer(answering: { _, peer in peer.respond() })
        for (target, other) in [(elsewhere.url("/v1/models"), true), ("/v1/models", false)] {
            let paths = Guarded<[String]>([])
            let server = try LoopbackServer(answering: { request, peer in
                paths.withLock { $0.append(request.path) }
                peer.respond(status: "\(status) Moved", headers: "Location: \(target)\r\n")
            })
            let request = HTTPRequest(method: "POST", url: server.url("/old"), headers: Self.fields, body: [1])
            let response = try await CurlTransport(options: .loopback).send(request)
            #expect(response.status == status)
            #expect(response.headers["location"] == target)
            #expect(paths.withLock { $0 } == ["/old"], "to \(other ? "another server" : "the same server")")
        }
        #expect(elsewhere.connectionCount == 0)
    }

    @Test("cookies of a server are not sent back, and a challenge is not answered")
    func state() async throws {
        let heads = Guarded<[String]>([])
        let server = try LoopbackServer(answering: { request, peer in
            heads.withLock { $0.append(request.head) }
            let challenge =
                "WWW-Authenticate: Basic realm=\"a\"\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\n"
            peer.respond(status: "401 Unauthorized", headers: "Set-Cookie: session=planted-4; Path=/\r\n\(challenge)")
        })
        let transport = CurlTransport(options: .loopback)
        for _ in 0..<2 { #expect(try await transport.send(HTTPRequest(url: server.url())).status == 401) }
        let sent = heads.withLock { $0 }
        #expect(sent.count == 2)
        #expect(sent.allSatisfy { !$0.lowercased().contains("cookie:") && !$0.lowercased().contains("authorization:") })
    }

    @Test("a proxy that tunnels gets its own password and nothing else, and its refusal shows none")
    func tunnel() async throws {
        let heads = Guarded<[String]>([])
        let proxy = try LoopbackServer(answering: { request, peer in
            heads.withLock { $0.append(request.head) }
            peer.respond(status: "403 Forbidden", headers: "X-Echo: planted-5\r\n", "planted-5")
        })
        let options = CurlTransport.Options(proxy: "http://me:planted-5@\(proxy.address)")
        let error = await failure { () throws(TransportError) in
            _ = try await CurlTransport(options: options).send(HTTPRequest(url: "https://server.invalid/v1/models", headers: Self.fields))
        }
        #expect(error?.code == .proxyRefused)
        #expect(error.map { "\($0)" }?.contains("planted") == false)
        let sent = heads.withLock { $0 }
        #expect(sent.count == 1)
        #expect(sent.first?.hasPrefix("CONNECT server.invalid:443 ") == true)
        // me:planted-5
        #expect(sent.first?.contains("Proxy-Authorization: Basic bWU6cGxhbnRlZC01\r\n") == true)
        #expect(sent.first?.contains("planted") == false)
    }
}
