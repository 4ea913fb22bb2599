import HTTPTransport
import Testing

@Suite("CurlTransport: requests and responses", .timeLimit(.minutes(1)))
struct CurlTransportTests {
    let transport = CurlTransport(options: .loopback)

    @Test("a GET brings status, header fields and body")
    func get() async throws {
        let server = try LoopbackServer { request, peer in
            peer.respond(status: "404 Not Found", headers: "X-Seen: \(request.method) \(request.path)\r\n", "gone")
        }
        let response = try await transport.send(HTTPRequest(url: server.url("/v1/models?a=b")))
        let body = try await response.body.text()
        #expect(response.status == 404)
        #expect(response.headers["x-seen"] == "GET /v1/models?a=b")
        #expect(body == "gone")
    }
}
