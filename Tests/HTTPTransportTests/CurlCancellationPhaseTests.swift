import HTTPTransport
import Testing

@Suite("CurlTransport: cancelling and closing in every phase of an exchange", .timeLimit(.minutes(1)))
struct CurlCancellationPhaseTests {
    /// How an exchange is left.
    enum Leaving: CaseIterable {
        case cancel
        case close
        case release

        /// What the one who waits is told; of a transport that nobody holds any more nobody waits.
        var code: TransportError.Code { self == .close ? .closed : .cancelled }
    }

    /// Starts an exchange, leaves it when `begun` has fired, and returns how it ended.
    private func leave(
        _ leaving: Leaving, url: String, begun: Signal, read: @escaping @Sendable (HTTPBody) async throws(TransportError) -> Void = { _ in }
    ) async -> TransportError? {
        let transport = CurlTransport(options: .loopback)
        let request = HTTPRequest(url: url, timeouts: HTTPTimeouts(connect: .seconds(500)))
        let task = Task { () -> TransportError? in
            await failure { () throws(TransportError) in try await read(transport.send(request).body) }
        }
        await begun.wait()
        if leaving == .close { transport.close() } else { task.cancel() }
        return await task.value
    }

    @Test("while a connection is being made that nobody accepts or refuses", arguments: [Leaving.cancel, .close])
    func connecting(leaving: Leaving) async throws {
        let server = try FullListener()
        let begun = Signal()
        begun.fire()
        let error = await leave(leaving, url: "http://127.0.0.1:\(server.port)", begun: begun)
        #expect(error?.code == leaving.code)
    }

    @Test("while TLS is being agreed upon: the server sees the connection end", arguments: [Leaving.cancel, .close])
    func handshake(leaving: Leaving) async throws {
        let (greeted, closed) = (Signal(), Signal())
        let server = try LoopbackServer { peer in
            peer.waitForBytes()
            greeted.fire()
            peer.waitForClose()
            closed.fire()
        }
        let error = await leave(leaving, url: "https://\(server.address)/", begun: greeted)
        #expect(error?.code == leaving.code)
        await closed.wait()
    }

    @Test("while the body waits for a slow reader, who is told at the next reading", arguments: Leaving.allCases)
    func slowReader(leaving: Leaving) async throws {
        let (isFull, closed) = (Signal(), Signal())
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(1 << 40)\r\n\r\n")
            // More than the reader's buffer and all the buffers in between take.
            let part = [UInt8](repeating: 120, count: 1 << 16)
            while peer.waitUntilWritable(milliseconds: 200) { _ = peer.sendWithoutWaiting(part) }
            isFull.fire()
            peer.waitForClose()
            closed.fire()
        }
        var transport: CurlTransport? = CurlTransport(options: .loopback)
        var body = try await transport?.send(HTTPRequest(url: server.url())).body
        await isFull.wait()
        switch leaving {
        case .cancel: body?.cancel()
        case .close: transport?.close()
        case .release: (transport, body) = (nil, nil)
        }
        await closed.wait()
        guard let body else { return }
        // What had arrived before the transport was closed is still read.
        let error = await failure { () throws(TransportError) in _ = try await body.collect(upTo: 1 << 30) }
        #expect(error?.code == leaving.code)
    }

    @Test("between the parts of a body, by whoever reads", arguments: [Leaving.cancel, .close])
    func reading(leaving: Leaving) async throws {
        let (read, closed) = (Signal(), Signal())
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            peer.startChunked()
            peer.sendChunk("part")
            peer.waitForClose()
            closed.fire()
        }
        let error = await leave(leaving, url: server.url(), begun: read) { body throws(TransportError) in
            for try await _ in body { read.fire() }
        }
        #expect(error?.code == leaving.code)
        await closed.wait()
    }
}
