import HTTPTransport
import Locks
import TestSupport
import Testing

/// They need nginx: `make test-http2` installs it.
@Suite(
    "CurlTransport: HTTP/2", .serialized, .timeLimit(.minutes(2)),
    .enabled(if: NginxServer.program != nil, "nginx is not installed: make test-http2"))
struct CurlHTTP2Tests {
    let transport = CurlTransport(
        options: CurlTransport.Options(insecureSkipVerify: true, proxy: "", idleConnectionLifetime: .seconds(600)))

    private func request(_ path: String, _ server: NginxServer) -> HTTPRequest {
        HTTPRequest(url: server.url + path, timeouts: HTTPTimeouts(connect: .seconds(500)))
    }

    @Test("streams that begin at the same time share one connection")
    func burst() async throws {
        let count = 60
        let all = Signal(count: count)
        let upstream = try LoopbackServer { request, peer in
            peer.startChunked()
            peer.sendChunk(request.path)
            // No stream ends before all have begun.
            all.fire()
            all.waitBlocking()
            for number in 0..<5 { peer.sendChunk(",\(number)") }
            peer.send("0\r\n\r\n")
        }
        try await withTemporaryDirectory { folder in
            let server = try await NginxServer(folder: folder, upstream: upstream.address)
            let answers = try await withThrowingTaskGroup { group in
                for number in 0..<count {
                    group.addTask {
                        let response = try await transport.send(request("/\(number)", server))
                        return (connection: response.headers["X-Connection"] ?? "", text: try await response.body.text())
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map(\.text)) == Set((0..<count).map { "/\($0),0,1,2,3,4" }))
            #expect(Set(answers.map(\.connection)).count == 1)
        }
    }

    @Test("cancelling one stream ends it at the server and leaves the others alone")
    func cancel() async throws {
        let goOn = Signal()
        let (read, closed) = (Signal(), Signal())
        let upstream = try LoopbackServer { request, peer in
            peer.startChunked()
            peer.sendChunk("begin;")
            guard request.path == "/kept" else {
                peer.waitForClose()
                return closed.fire()
            }
            goOn.waitBlocking()
            peer.sendChunk("end")
            peer.send("0\r\n\r\n")
        }
        try await withTemporaryDirectory { folder in
            let server = try await NginxServer(folder: folder, upstream: upstream.address)
            let kept = try await transport.send(request("/kept", server))
            let task = Task {
                let response = try await transport.send(request("/cancelled", server))
                #expect(response.headers["X-Connection"] == kept.headers["X-Connection"])
                for try await _ in response.body { read.fire() }
            }
            await read.wait()
            task.cancel()
            await closed.wait()
            let error = await #expect(throws: TransportError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            goOn.fire()
            let text = try await kept.body.text()
            #expect(text == "begin;end")
        }
    }
}
