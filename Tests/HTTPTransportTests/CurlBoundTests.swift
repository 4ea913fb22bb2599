import HTTPTransport
import Testing

/// What a server may send without end.
@Suite("Bounds of a response", .timeLimit(.minutes(2)))
struct CurlBoundTests {
    private func failure(
        _ options: CurlTransport.Options = .loopback, upTo limit: Int = 1 << 20, of script: @escaping LoopbackServer.Script
    ) async throws -> TransportError? {
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            script(peer)
        }
        let transport = CurlTransport(options: options)
        return await HTTPTransportTests.failure { () throws(TransportError) in
            _ = try await transport.send(HTTPRequest(url: server.url())).body.collect(upTo: limit)
        }
    }

    /// Sends the same again and again, until the client closes.
    private static func endlessly(_ text: String, on peer: Peer) {
        let bytes = Array(String(repeating: text, count: 65_536 / text.utf8.count).utf8)
        while peer.send(bytes) {}
    }

    @Test("an endless line, endless fields and endless interim responses end at the limit of the head", arguments: ["x", "X: y\r\n", "1"])
    func endlessHead(kind: String) async throws {
        let error = try await failure { peer in
            if kind == "1" { return Self.endlessly("HTTP/1.1 103 Early Hints\r\n\r\n", on: peer) }
            peer.send("HTTP/1.1 200 OK\r\nX-First: ")
            Self.endlessly(kind, on: peer)
        }
        #expect(error?.code == .headersTooLarge)
        #expect(error?.message.hasSuffix(" are larger than 65536 bytes") == true)
    }

    @Test("where the limit allows more than libcurl takes of a line, the line is what is wrong")
    func endlessLine() async throws {
        var options = CurlTransport.Options.loopback
        options.headerLimit = 1 << 20
        let error = try await failure(options) { peer in
            peer.send("HTTP/1.1 200 OK\r\nX-First: ")
            Self.endlessly("x", on: peer)
        }
        #expect(error?.code == .protocolViolation)
        #expect(error?.message.contains("a line of the header fields of the response from ") == true)
    }

    @Test("endless trailers count as header fields")
    func endlessTrailers() async throws {
        let error = try await failure { peer in
            peer.startChunked()
            peer.send("0\r\n")
            Self.endlessly("X: y\r\n", on: peer)
        }
        #expect(error?.code == .headersTooLarge)
    }

    @Test("an endless trailer line passes the limit of the head, or what libcurl takes of one", arguments: [65_536, 2000])
    func endlessTrailerLine(limit: Int) async throws {
        var options = CurlTransport.Options.loopback
        options.headerLimit = limit
        let error = try await failure(options) { peer in
            peer.startChunked()
            peer.send("0\r\nX: ")
            Self.endlessly("y", on: peer)
        }
        #expect(error?.code == (limit == 2000 ? .headersTooLarge : .protocolViolation))
        #expect(error?.message.contains(limit == 2000 ? "2000 bytes" : "a line of the trailer of the response from ") == true)
    }

    @Test("an endless body ends at the reader's limit", arguments: [true, false])
    func endlessBody(isChunked: Bool) async throws {
        let error = try await failure { peer in
            if isChunked {
                peer.startChunked()
                while peer.sendChunk(String(repeating: "x", count: 65_536)) {}
            } else {
                peer.send("HTTP/1.1 200 OK\r\n\r\n")
                Self.endlessly("x", on: peer)
            }
        }
        #expect(error == TransportError(.tooLarge, "the response is larger than 1048576 bytes"))
    }

    @Test("an endless chunk extension is no data: the reader's time runs out")
    func endlessChunkExtension() async throws {
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            peer.startChunked()
            peer.send("5;name=")
            Self.endlessly("x", on: peer)
        }
        let transport = CurlTransport(options: .loopback)
        let response = try await transport.send(HTTPRequest(url: server.url()))
        var iterator = response.body.makeAsyncIterator()
        let limit = ReadLimit(deadline: .now + .milliseconds(200), error: TransportError(.idleTimeout, "nothing came"))
        let error = await HTTPTransportTests.failure { () throws(TransportError) in _ = try await iterator.next(by: limit) }
        #expect(error?.code == .idleTimeout)
    }

    @Test("chunk extensions and trailers of a usual length mean nothing")
    func extensions() async throws {
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            peer.startChunked()
            peer.send("2;a=b;c=\"d\"\r\nHi\r\n0;last\r\nX-Checksum: 1\r\n\r\n")
        }
        let response = try await CurlTransport(options: .loopback).send(HTTPRequest(url: server.url()))
        #expect(response.headers["x-checksum"] == nil)
        #expect(try await response.body.text() == "Hi")
    }

    @Test("what libcurl unpacks of a transfer coding counts unpacked")
    func transferCoding() async throws {
        let error = try await failure(upTo: 100_000) { peer in
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")
            peer.send([UInt8]("\(String(Self.bomb.count, radix: 16))\r\n".utf8) + Self.bomb + [13, 10])
            peer.send("0\r\n\r\n")
        }
        #expect(error == TransportError(.tooLarge, "the response is larger than 100000 bytes"))
    }

    /// A million zeros, packed.
    private static let bomb: [UInt8] =
        [
            0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xED, 0xC1, 0x01, 0x01, 0x00, 0x00, 0x00, 0x82, 0x20, 0xFF, 0xAF,
            0x6E, 0x48, 0x40, 0x01,
        ] + [UInt8](repeating: 0x00, count: 968)
        + [0xAF, 0x06, 0x9E, 0xCB, 0x79, 0x12, 0x40, 0x42, 0x0F, 0x00]
}
