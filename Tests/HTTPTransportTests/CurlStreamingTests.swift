import HTTPTransport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("CurlTransport: streaming", .timeLimit(.minutes(1)))
struct CurlStreamingTests {
    let transport = CurlTransport(options: .loopback)

    @Test("each chunk arrives before the next one is sent")
    func chunkByChunk() async throws {
        let goOn = [Signal(), Signal(), Signal()]
        let server = try LoopbackServer { _, peer in
            peer.startChunked()
            for signal in goOn {
                signal.waitBlocking()
                peer.sendChunk("chunk;")
            }
            peer.send("0\r\n\r\n")
        }
        var iterator = try await transport.send(HTTPRequest(url: server.url())).body.makeAsyncIterator()
        for signal in goOn {
            signal.fire()
            let batch = try await iterator.next()
            #expect(batch == Array("chunk;".utf8))
        }
        let end = try await iterator.next()
        #expect(end == nil)
        let again = try await iterator.next()
        #expect(again == nil)
    }

    @Test("200 streams run at the same time on one transport")
    func concurrent() async throws {
        let count = 200
        let all = Signal(count: count)
        let server = try LoopbackServer { request, peer in
            peer.startChunked()
            peer.sendChunk(request.path)
            // No stream ends before all have begun.
            all.fire()
            all.waitBlocking()
            for number in 0..<5 { peer.sendChunk(",\(number)") }
            peer.send("0\r\n\r\n")
        }
        let texts = try await withThrowingTaskGroup { group in
            for number in 0..<count {
                group.addTask { try await transport.send(HTTPRequest(url: server.url("/\(number)"))).body.text() }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(texts == Set((0..<count).map { "/\($0),0,1,2,3,4" }))
        #expect(server.connectionCount == count)
    }

    @Test("a sender who floods a slow reader is stopped, and goes on when the reader does", arguments: [1, 100_000])
    func backPressure(bufferLimit: Int) async throws {
        let flood = 64 << 20
        let stopped = Signal()
        let server = try LoopbackServer { (peer: Peer) in
            _ = peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(flood)\r\n\r\n")
            let block = [UInt8](repeating: 7, count: 65_536)
            var sent = 0
            // The kernel's buffers take some megabytes; then the sender has to wait until the reader wants more.
            while sent < flood, peer.waitUntilWritable(milliseconds: 200) { sent += max(0, peer.sendWithoutWaiting(block)) }
            if sent < flood { stopped.fire() }
            while sent < flood, peer.send(Array(block.prefix(flood - sent))) { sent += min(block.count, flood - sent) }
            peer.waitForClose()
        }
        let transport = CurlTransport(options: CurlTransport.Options(proxy: "", bufferLimit: bufferLimit))
        var iterator = try await transport.send(HTTPRequest(url: server.url())).body.makeAsyncIterator()
        await stopped.wait()
        var count = 0
        var largest = 0
        while let batch = try await iterator.next() {
            count += batch.count
            largest = max(largest, batch.count)
        }
        #expect(count == flood)
        // What one read of libcurl brings may come on top.
        #expect(largest <= bufferLimit + 32_768)
    }

    @Test("a task that prefers the transport's executor runs on the engine's thread")
    func executor() async throws {
        let server = try LoopbackServer { request, peer in
            peer.startChunked()
            for _ in 0..<100 { peer.sendChunk("x") }
            peer.send("0\r\n\r\n")
        }
        let threads = try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask(executorPreference: transport.executor) {
                    var count = 0
                    for try await batch in try await transport.send(HTTPRequest(url: server.url())).body { count += batch.count }
                    #expect(count == 100)
                    return currentThread()
                }
            }
            return try await group.reduce(into: Set<UInt>()) { $0.insert($1) }
        }
        #expect(threads.count == 1)
        #expect(!threads.contains(currentThread()))
    }

    @Test("tasks that prefer the executor of a closed transport run all the same")
    func executorAfterClose() async {
        let executor = transport.executor
        transport.close()
        for number in 0..<100 {
            let value = await Task(executorPreference: executor) { number }.value
            #expect(value == number)
        }
    }

    @Test("two readers at the same time are refused, and the first one goes on")
    func twoReaders() async throws {
        let goOn = Signal()
        let server = try LoopbackServer { _, peer in
            peer.startChunked()
            goOn.waitBlocking()
            peer.sendChunk("x")
            peer.send("0\r\n\r\n")
        }
        let body = try await transport.send(HTTPRequest(url: server.url())).body
        // Whoever comes second is refused, whichever of the two that is.
        let results = await withTaskGroup { group in
            for _ in 0..<2 {
                group.addTask { () -> Result<[UInt8]?, TransportError> in
                    var iterator = body.makeAsyncIterator()
                    do throws(TransportError) {
                        return .success(try await iterator.next())
                    } catch {
                        goOn.fire()
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.contains(.success([120])))
        let refusals = results.count { (try? $0.get()) == nil }
        #expect(refusals == 1)
    }
}

private func currentThread() -> UInt {
    #if canImport(Darwin)
        UInt(bitPattern: pthread_self())
    #else
        pthread_self()
    #endif
}
