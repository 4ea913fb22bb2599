import HTTPTransport
import Testing

@Suite("CurlTransport: cancelling and closing", .timeLimit(.minutes(1)))
struct CurlCancellationTests {
    let transport = CurlTransport(options: .loopback)

    /// A server that answers with a head where `startsBody`, or not at all, and then waits until the client closes.
    private func silentServer(startsBody: Bool, asked: Signal = Signal(), closed: Signal) throws -> LoopbackServer {
        try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            if startsBody {
                peer.startChunked()
                peer.sendChunk("first")
            }
            asked.fire()
            peer.waitForClose()
            closed.fire()
        }
    }

    @Test("cancelling a task that waits for the head closes the connection at once")
    func cancelSend() async throws {
        let (asked, closed) = (Signal(), Signal())
        let server = try silentServer(startsBody: false, asked: asked, closed: closed)
        let task = Task { try await transport.send(HTTPRequest(url: server.url())).status }
        await asked.wait()
        task.cancel()
        let error = await #expect(throws: TransportError.self) { try await task.value }
        await closed.wait()
        #expect(error?.code == .cancelled)
    }

    @Test("cancelling a task that waits for the body closes the connection at once")
    func cancelNext() async throws {
        let (closed, read) = (Signal(), Signal())
        let server = try silentServer(startsBody: true, closed: closed)
        let task = Task {
            for try await _ in try await transport.send(HTTPRequest(url: server.url())).body { read.fire() }
        }
        await read.wait()
        task.cancel()
        let error = await #expect(throws: TransportError.self) { try await task.value }
        await closed.wait()
        #expect(error?.code == .cancelled)
    }

    @Test("leaving the loop over a body closes the connection")
    func breakOut() async throws {
        let closed = Signal()
        let server = try silentServer(startsBody: true, closed: closed)
        for try await batch in try await transport.send(HTTPRequest(url: server.url())).body {
            #expect(batch == Array("first".utf8))
            break
        }
        await closed.wait()
    }

    @Test("dropping a response unread closes the connection")
    func drop() async throws {
        let closed = Signal()
        let server = try silentServer(startsBody: true, closed: closed)
        _ = try await transport.send(HTTPRequest(url: server.url()))
        await closed.wait()
    }

    @Test("a task that was cancelled before sends nothing")
    func cancelledBefore() async throws {
        let server = try LoopbackServer { _, peer in peer.respond("no") }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await transport.send(HTTPRequest(url: server.url()))
        }
        let error = await #expect(throws: TransportError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(server.connectionCount == 0)
    }

    @Test("a task that was cancelled between two batches gets the error, not the bytes that wait")
    func cancelledBetween() async throws {
        let closed = Signal()
        let server = try silentServer(startsBody: true, closed: closed)
        let task = Task {
            var iterator = try await transport.send(HTTPRequest(url: server.url())).body.makeAsyncIterator()
            withUnsafeCurrentTask { $0?.cancel() }
            return try await iterator.next()
        }
        let error = await #expect(throws: TransportError.self) { try await task.value }
        await closed.wait()
        #expect(error?.code == .cancelled)
    }

    @Test("the server sees that an exchange is cancelled, although a program runs on that was started in the midst of it")
    func child() async throws {
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            peer.startChunked()
            peer.sendChunk("first")
            peer.waitForClose()
            end.yield()
        }
        let body = try await transport.send(HTTPRequest(url: server.url())).body
        var iterator = body.makeAsyncIterator()
        _ = try await iterator.next()
        let child = try startProgram("sleep", "600")
        defer { endProgram(child) }
        body.cancel()
        // The suite's limit ends the waiting where the program holds the connection.
        var hasEnded = false
        for await _ in ends {
            hasEnded = true
            break
        }
        #expect(hasEnded)
    }

    @Test("cancelling one exchange leaves the others alone")
    func others() async throws {
        let (asked, closed, goOn) = (Signal(), Signal(), Signal())
        let silent = try silentServer(startsBody: false, asked: asked, closed: closed)
        let server = try LoopbackServer { _, peer in
            goOn.waitBlocking()
            peer.respond("fine")
        }
        async let text = transport.send(HTTPRequest(url: server.url())).body.text()
        let task = Task { try await transport.send(HTTPRequest(url: silent.url())).status }
        await asked.wait()
        task.cancel()
        await closed.wait()
        goOn.fire()
        let result = try await text
        #expect(result == "fine")
    }

    @Test("many exchanges that are cancelled at any moment all end, and the transport goes on")
    func storm() async throws {
        let server = try LoopbackServer { request, peer in
            peer.startChunked()
            for _ in 0..<20 { peer.sendChunk("some bytes") }
            peer.send("0\r\n\r\n")
        }
        await withTaskGroup { group in
            for number in 0..<200 {
                group.addTask {
                    let task = Task { try await transport.send(HTTPRequest(url: server.url())).body.text().utf8.count }
                    for _ in 0..<(number % 20) { await Task.yield() }
                    task.cancel()
                    switch await task.result {
                    case .success(let count): #expect(count == 200)
                    case .failure(let error): #expect((error as? TransportError)?.code == .cancelled)
                    }
                }
            }
        }
        let text = try await transport.send(HTTPRequest(url: server.url())).body.text()
        #expect(text.utf8.count == 200)
    }

    @Test("closing the transport ends those who wait, and refuses those who come later")
    func close() async throws {
        let (asked, closedBody, closedHead) = (Signal(), Signal(), Signal())
        let withBody = try silentServer(startsBody: true, closed: closedBody)
        let withoutHead = try silentServer(startsBody: false, asked: asked, closed: closedHead)
        let body = try await transport.send(HTTPRequest(url: withBody.url())).body
        let reading = Task { try await body.collect(upTo: 100) }
        let waiting = Task { try await transport.send(HTTPRequest(url: withoutHead.url())).status }
        await asked.wait()
        transport.close()
        transport.close()
        let readError = await #expect(throws: TransportError.self) { try await reading.value }
        let waitError = await #expect(throws: TransportError.self) { try await waiting.value }
        await closedBody.wait()
        await closedHead.wait()
        #expect(readError?.code == .closed)
        #expect(waitError?.code == .closed)
        let later = await failure { () throws(TransportError) in _ = try await transport.send(HTTPRequest(url: withBody.url())) }
        #expect(later == TransportError(.closed, "the transport was closed"))
    }

    @Test("a body keeps a transport open that nobody else holds")
    func lifetime() async throws {
        let (goOn, closed) = (Signal(), Signal())
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            peer.startChunked()
            goOn.waitBlocking()
            peer.sendChunk("late")
            peer.send("0\r\n\r\n")
            peer.waitForClose()
            closed.fire()
        }
        let body = try await CurlTransport(options: .loopback).send(HTTPRequest(url: server.url())).body
        goOn.fire()
        let text = try await body.text()
        #expect(text == "late")
    }

    @Test("a transport that nobody holds closes its connections")
    func release() async throws {
        let closed = Signal()
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            peer.respond("x")
            peer.waitForClose()
            closed.fire()
        }
        _ = try await CurlTransport(options: .loopback).send(HTTPRequest(url: server.url())).body.text()
        await closed.wait()
    }
}
