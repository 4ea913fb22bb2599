#if os(Linux)
    import Glibc
    import HTTPTransport
    import TestSupport
    import Testing

    @Suite("CurlTransport: what is left of it", .timeLimit(.minutes(5)))
    struct CurlExitTests {
        @Test("a program that ends while its transport is at work over TLS ends in order", arguments: 0..<3)
        func exitHandlers(_: Int) async throws {
            try await withTemporaryDirectory { folder in
                let server = try await TLSServer(folder: folder)
                let (url, certificate) = (server.url, server.certificate)
                await #expect(processExitsWith: .exitCode(7)) { [url = url as String, certificate = certificate as String] in
                    // Registered first, it runs last: behind OpenSSL's handler the network's threads have time to come to harm.
                    atexit { usleep(50_000) }
                    let options = CurlTransport.Options(caFile: certificate, proxy: "")
                    let transports = (0..<4).map { _ in CurlTransport(options: options) }
                    let text = try await transports[0].send(HTTPRequest(url: url)).body.text()
                    // Handshake upon handshake, so that the networks' threads are always in the middle of one.
                    for transport in transports + transports {
                        Task { while true { _ = try? await transport.send(HTTPRequest(url: url)).body.text() } }
                    }
                    usleep(.random(in: 10_000..<30_000))
                    exit(text.isEmpty ? 1 : 7)
                }
            }
        }

        @Test("closed or dropped, with exchanges in every state, transports leave no descriptor and no thread behind")
        func leaks() async throws {
            let silent = try LoopbackServer { peer in peer.waitForClose() }
            let streaming = try LoopbackServer { (peer: Peer) in
                _ = peer.readRequest()
                peer.startChunked()
                peer.sendChunk("part")
                peer.waitForClose()
            }
            let urls = [silent.url(), streaming.url(), "https://\(silent.address)/"]
            await #expect(processExitsWith: .success) { [urls = urls as [String]] in
                func use(closes: Bool) async {
                    let transport = CurlTransport(options: .loopback)
                    let tasks = urls.map { url in
                        Task {
                            let body = try await transport.send(HTTPRequest(url: url)).body
                            if closes { _ = try await body.collect(upTo: 1 << 20) }
                            return body
                        }
                    }
                    for _ in 0..<20 { await Task.yield() }
                    if closes {
                        await withTaskGroup { group in for _ in 0..<4 { group.addTask { transport.close() } } }
                    } else {
                        for task in tasks { task.cancel() }
                    }
                    for task in tasks { _ = await task.result }
                }
                // What libcurl and the runtime set up once is there after this.
                for closes in [true, false] { await use(closes: closes) }
                let before = try await Resources.standing()
                for round in 0..<50 { await use(closes: round % 2 == 0) }
                let after = try await Resources.standing(atMost: before)
                guard after <= before else { throw TransportError(.other, "\(before) became \(after)") }
            }
        }
    }

    /// What a process holds of the system's.
    private struct Resources: CustomStringConvertible {
        var descriptors: Int
        var threads: Int

        static func now() throws -> Resources {
            Resources(descriptors: try count("/proc/self/fd"), threads: try count("/proc/self/task"))
        }

        /// What the process holds once it lets go of nothing more: threads that are told to end take a moment. Waits for half a minute
        /// at most where there is still more than `limit`.
        static func standing(atMost limit: Resources? = nil) async throws -> Resources {
            let deadline = ContinuousClock.now + .seconds(30)
            var last = try now()
            var unchanged = 0
            while ContinuousClock.now < deadline, unchanged < 20 || limit.map({ !(last <= $0) }) ?? false {
                try await Task.sleep(for: .milliseconds(10))
                let current = try now()
                unchanged = current.descriptors == last.descriptors && current.threads == last.threads ? unchanged + 1 : 0
                last = current
            }
            return last
        }

        static func <= (left: Resources, right: Resources) -> Bool {
            left.descriptors <= right.descriptors && left.threads <= right.threads
        }

        var description: String { "\(descriptors) descriptors and \(threads) threads" }

        private static func count(_ folder: String) throws -> Int {
            guard let entries = opendir(folder) else { throw TransportError(.other, "there is no \(folder)") }
            defer { closedir(entries) }
            var count = 0
            while readdir(entries) != nil { count += 1 }
            return count
        }
    }
#endif
