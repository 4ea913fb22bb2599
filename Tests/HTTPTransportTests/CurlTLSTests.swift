import HTTPTransport
import TestSupport
import Testing

@Suite("CurlTransport: TLS", .timeLimit(.minutes(1)))
struct CurlTLSTests {
    /// A request whose limit for connecting no test reaches, however slow the machine is.
    private func patientRequest(_ address: String) -> HTTPRequest {
        HTTPRequest(url: "https://\(address)/", timeouts: HTTPTimeouts(connect: .seconds(500)))
    }

    @Test("a certificate that nobody vouches for is refused, unless it is named or checking is off")
    func certificates() async throws {
        try await withTemporaryDirectory { folder in
            let server = try await TLSServer(folder: folder)
            let address = server.url.dropFirst("https://".count).dropLast()
            func send(_ options: CurlTransport.Options) async throws(TransportError) -> String {
                try await CurlTransport(options: options).send(patientRequest(String(address))).body.text()
            }
            let error = await failure { () throws(TransportError) in _ = try await send(.loopback) }
            #expect(error?.code == .tls)
            #expect(error?.message.hasPrefix("TLS with \(address) failed: SSL certificate problem: self-signed certificate") == true)
            for version in [CurlTransport.HTTPVersion.automatic, .http1] {
                let named = try await send(CurlTransport.Options(caFile: server.certificate, proxy: "", httpVersion: version))
                #expect(named.contains("s_server"))
            }
            let unchecked = try await send(CurlTransport.Options(insecureSkipVerify: true, proxy: ""))
            #expect(unchecked.contains("s_server"))
            let other = await failure { () throws(TransportError) in
                _ = try await send(CurlTransport.Options(caFile: "\(folder)/none.pem", proxy: ""))
            }
            #expect(other?.code == .tls)
            #expect(other?.message.contains("none.pem") == true)
        }
    }

    @Test("a server that speaks no TLS is told apart from one that cannot be reached")
    func plain() async throws {
        let server = try LoopbackServer { peer in
            peer.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            peer.waitForClose()
        }
        let transport = CurlTransport(options: .loopback)
        let error = await failure { () throws(TransportError) in
            _ = try await transport.send(patientRequest(server.address))
        }
        #expect(error?.code == .tls)
        #expect(error?.message.hasPrefix("TLS with \(server.address) failed: ") == true)
    }

    @Test("a server that leaves while TLS begins is a broken connection, which may be whole the next time")
    func leaving() async throws {
        let server = try LoopbackServer { _ in }
        let transport = CurlTransport(options: .loopback)
        let error = await failure { () throws(TransportError) in
            _ = try await transport.send(patientRequest(server.address))
        }
        #expect(error?.code == .connectionLost, "\(error?.message ?? "")")
    }

    @Test("the limit for connecting covers TLS")
    func silent() async throws {
        let server = try LoopbackServer { peer in peer.waitForClose() }
        let transport = CurlTransport(options: .loopback)
        let request = HTTPRequest(url: "https://\(server.address)/", timeouts: HTTPTimeouts(connect: .milliseconds(150)))
        let error = await failure { () throws(TransportError) in _ = try await transport.send(request) }
        #expect(error?.code == .connectTimeout)
    }
}
