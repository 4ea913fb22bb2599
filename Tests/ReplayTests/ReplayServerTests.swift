import HTTPTransport
import JSON
import ProviderKit
import Replay
import ReplayServer
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct ReplayServerTests {
    @Test("every recording of a real server is served with its status and its bytes, and breaks off where it did")
    func recordings() async throws {
        let recordings = try Recording.all.map { try Recording($0.name) }.filter { $0.response != nil && $0.entry.method != "HEAD" }
        let server = try ReplayServer(RecordedExchanges(recordings.map(RecordedExchange.init)))
        let transport = CurlTransport()
        var count = 0
        for recording in recordings {
            guard let response = recording.response else { continue }
            let path = recording.entry.path
            let isPlain = path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            guard isPlain, ["GET", "POST", "DELETE", "PUT", "OPTIONS"].contains(recording.entry.method) else { continue }
            var request = HTTPRequest(method: recording.entry.method, url: server.baseURL + path)
            if !recording.request.body.isEmpty { request.body = recording.request.body }
            var body: [UInt8] = []
            var hasBroken = false
            var status: Int?
            do {
                let answer = try await transport.send(request)
                status = answer.status
                for try await bytes in answer.body { body += bytes }
            } catch { hasBroken = true }
            #expect(status == response.status, "\(recording)")
            #expect(body == response.body, "\(recording)")
            #expect(hasBroken == !response.endedCleanly, "\(recording)")
            count += 1
        }
        transport.close()
        server.stop()
        #expect(count > 700)
    }

    @Test("an answer that was not kept because of a secret in it is no answer")
    func withheld() throws {
        let exchange = { (response: JSONValue) throws(ContractError) in
            try RecordedExchange(json: ["path": "/v1/completions", "response": response])
        }
        #expect(try exchange(["status": 200, "body": "key [REDACTED]", "is_redacted": true]).body == Array("key [REDACTED]".utf8))
        #expect(throws: ContractError(path: "response.body", message: "was not recorded: there was a secret in it")) {
            try exchange(["status": 200, "body": "[REDACTED]", "is_redacted": true])
        }
    }

    @Test("all is answered when the last answer is out, and not when the last one has begun")
    func answeredAll() async throws {
        func exchange(_ path: String, _ chunks: [RecordedExchange.Chunk]) -> RecordedExchange {
            var exchange = RecordedExchange(method: "GET", path: path, requestBody: nil)
            exchange.head = RecordedExchange.Head(status: 200, headers: [])
            exchange.body = Array("begun, ended".utf8)
            exchange.chunks = chunks
            return exchange
        }
        let slow = exchange("/slow", [.init(offset: .zero, count: 6), .init(offset: .seconds(3600), count: 6)])
        let (events, event) = AsyncStream.makeStream(of: Void.self)
        var options = ReplayServer.Options()
        options.speed = 1
        options.observe = { if case .finished = $0 { event.yield() } }
        let server = try ReplayServer(
            RecordedExchanges([slow, exchange("/quick", [.init(offset: .zero, count: 12)])]), options: options)
        var ends = events.makeAsyncIterator()
        let transport = CurlTransport()
        let answer = try await transport.send(HTTPRequest(method: "GET", url: server.baseURL + "/slow"))
        var body = answer.body.makeAsyncIterator()
        #expect(try await body.next().map { Array($0) } == Array("begun,".utf8))
        let quick = try await transport.send(HTTPRequest(method: "GET", url: server.baseURL + "/quick"))
        _ = try await quick.body.collect(upTo: 1 << 20)
        await ends.next()
        #expect(server.remainingAnswers == 0)
        #expect(!server.hasAnsweredAll)
        transport.close()
        await ends.next()
        #expect(server.hasAnsweredAll)
        server.stop()
    }

    @Test("what was not recorded is refused in the shape of vLLM's errors, with what is nearest")
    func unknown() async throws {
        var known = RecordedExchange(
            method: "POST", path: "/v1/completions", requestBody: ["model": "m", "prompt": "Hi", "temperature": 0])
        known.head = RecordedExchange.Head(status: 200, headers: [])
        known.body = Array("known".utf8)
        known.chunks = [RecordedExchange.Chunk(offset: .zero, count: 5)]
        let server = try ReplayServer(RecordedExchanges([known]))
        let transport = CurlTransport()
        func ask(_ path: String, _ body: JSONValue) async throws -> (status: Int, text: String) {
            let answer = try await transport.send(HTTPRequest(method: "POST", url: server.baseURL + path, body: body.bytes))
            return (answer.status, String(decoding: try await answer.body.collect(upTo: 1 << 20), as: UTF8.self))
        }
        let same = try await ask("/v1/completions", ["temperature": 0.0, "prompt": "Hi", "model": "m"])
        #expect(same.status == 200 && same.text == "known")
        let other = try await ask("/v1/completions", ["model": "m", "prompt": "Hello", "temperature": 0])
        #expect(other.status == 404)
        let error = try JSONValue(parsing: other.text)["error"]
        #expect(error?["type"] == "NotFoundError" && error?["code"] == 404)
        #expect(error?["message"]?.string?.contains(#"differs at prompt: asked "Hello", recorded "Hi""#) == true)
        let elsewhere = try await ask("/v1/rerank", [:])
        #expect(elsewhere.status == 404 && elsewhere.text.contains("POST /v1/completions"))
        transport.close()
        server.stop()
    }

    @Test("loose matching passes over sampling, and order asks for no likeness at all")
    func matching() {
        func exchange(_ text: String, _ temperature: Double) -> RecordedExchange {
            let body: JSONValue = ["prompt": .string(text), "temperature": .double(temperature), "stream": false]
            var exchange = RecordedExchange(method: "POST", path: "/v1/completions", requestBody: body)
            exchange.failure = RecordedExchange.Failure(code: "connection_lost", message: text)
            return exchange
        }
        func found(_ match: ExchangeMatch, _ bodies: [JSONValue]) -> [String?] {
            var exchanges = RecordedExchanges([exchange("a", 0), exchange("b", 1)], match: match)
            return bodies.map { body in
                guard case .exchange(let found) = exchanges.find(method: "POST", path: "/v1/completions", body: body) else { return nil }
                return found.failure?.message
            }
        }
        let warm: JSONValue = ["prompt": "b", "temperature": 0.5, "stream": false]
        let streamed: JSONValue = ["prompt": "b", "temperature": 1, "stream": true]
        #expect(found(.strict, [warm, streamed]) == [nil, nil])
        #expect(found(.loose, [warm, streamed, warm]) == ["b", nil, "b"])
        #expect(found(.order, [warm, streamed, warm]) == ["a", "b", "b"])
    }

    @Test("of several recorded requests the one is named with which most of the conversation is the same")
    func nearest() {
        func body(_ texts: [String], _ temperature: Int = 0) -> JSONValue {
            let messages = texts.map { ["role": "user", "content": .string($0)] as JSONValue }
            return ["messages": .array(messages), "temperature": .integer(temperature)]
        }
        let bodies = [body(["a"]), body(["a", "b", "c"], 1), body(["a", "b", "c"]), body(["a", "x"])]
        var exchanges = RecordedExchanges(
            bodies.enumerated().map { index, body in
                var exchange = RecordedExchange(method: "POST", path: "/v1/chat/completions", requestBody: body)
                exchange.line = index + 1
                return exchange
            })
        guard case .nothing(let text) = exchanges.find(method: "POST", path: "/v1/chat/completions", body: body(["a", "b", "d"])) else {
            Issue.record("it was found")
            return
        }
        #expect(text.contains(#"The nearest of 4 (line 3) differs at messages[2].content: asked "d", recorded "c"."#), "\(text)")
    }

    @Test("a miss costs far less than reading the log: each body in it is not looked at again")
    func cost() {
        func body(_ number: Int) -> JSONValue {
            ["messages": [["role": "user", "content": .string(String(repeating: "word \(number) ", count: 300))]]]
        }
        let recorded = (0..<30).map { RecordedExchange(method: "POST", path: "/v1/chat/completions", requestBody: body($0)) }
        let start = Self.time
        var exchanges = RecordedExchanges(recorded)
        let reading = Self.time - start
        for number in 30..<33 { _ = exchanges.find(method: "POST", path: "/v1/chat/completions", body: body(number)) }
        let misses = Self.time - start - reading
        // Two bodies of 30 are looked at in each miss.
        #expect(misses < reading / 2, "\(misses) ns for three misses, \(reading) ns for the log")
    }

    /// The processor's time of this thread, in nanoseconds: what else the machine does is not in it.
    private static var time: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    @Test("a request that quotes a secret finds what was recorded without it")
    func masked() {
        let body: JSONValue = ["prompt": "My key is [REDACTED], and the other [REDACTED]."]
        var exchanges = RecordedExchanges([RecordedExchange(method: "POST", path: "/v1/completions", requestBody: body)])
        func isFound(_ prompt: String, path: String = "/v1/completions") -> Bool {
            if case .exchange = exchanges.find(method: "POST", path: path, body: ["prompt": .string(prompt)]) { true } else { false }
        }
        let key = "My key is swordfish, and the other open sesame."
        #expect(isFound(key))
        #expect(!isFound(key, path: "/v1/chat/completions"))
        #expect(!isFound("My key is swordfish, and the other open sesame?"))
        #expect(!isFound("My key is swordfish."))
    }
}

extension RecordedExchange {
    /// A recorded exchange as a log would have it.
    init(_ recording: Recording) {
        let body: JSONValue? =
            recording.request.body.isEmpty
            ? nil : (try? recording.requestJSON()) ?? .string(String(decoding: recording.request.body, as: UTF8.self))
        self.init(method: recording.entry.method, path: String(recording.entry.path.prefix { $0 != "?" }), requestBody: body)
        guard let response = recording.response, let status = response.status else { return }
        head = Head(status: status, headers: response.headers)
        self.body = response.body
        chunks = response.body.isEmpty ? [] : [Chunk(offset: .zero, count: response.body.count)]
        if !response.endedCleanly { failure = Failure(code: "connection_lost", message: "cut") }
    }
}

extension HTTPMessage {
    /// The status of an answer: the last one, where interim answers came before it.
    fileprivate var status: Int? { startLine.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
}
