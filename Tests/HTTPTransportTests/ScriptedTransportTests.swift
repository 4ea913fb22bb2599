import HTTPTransport
import TestSupport
import Testing

@Suite("ScriptedTransport", .timeLimit(.minutes(1)))
struct ScriptedTransportTests {
    @Test("it answers with the exchanges in order and notes the requests")
    func order() async throws {
        let transport = ScriptedTransport([
            ScriptedExchange(status: 201, headers: ["X-Number": "1"], body: "one"),
            ScriptedExchange(steps: [.bytes([50]), .bytes([]), .bytes([51])]),
        ])
        let first = try await transport.send(HTTPRequest(method: "POST", url: "http://a/1", body: [1]))
        let text = try await first.body.text()
        #expect(first.status == 201)
        #expect(first.headers["x-number"] == "1")
        #expect(text == "one")
        var batches: [[UInt8]] = []
        for try await batch in try await transport.send(HTTPRequest(url: "http://a/2")).body { batches.append(batch) }
        #expect(batches == [[50], [51]])
        #expect(transport.requests.map(\.url) == ["http://a/1", "http://a/2"])
        #expect(transport.requests.map(\.body) == [[1], nil])
        #expect(transport.abandonedCount == 0)
    }

    @Test("a request too many fails and says which")
    func tooMany() async {
        let transport = ScriptedTransport([])
        let error = await failure { () throws(TransportError) in _ = try await transport.send(HTTPRequest(url: "http://a/x")) }
        #expect(error == TransportError(.other, "the script has no exchange number 1 for GET http://a/x"))
    }

    @Test("it fails where the script says so: instead of a head, or in the middle of a body")
    func failures() async throws {
        let lost = TransportError(.connectionLost, "gone")
        let transport = ScriptedTransport([.failing(lost), ScriptedExchange(steps: [.bytes([1]), .fail(lost)])])
        let atOnce = await failure { () throws(TransportError) in _ = try await transport.send(HTTPRequest(url: "http://a")) }
        #expect(atOnce == lost)
        var iterator = try await transport.send(HTTPRequest(url: "http://a")).body.makeAsyncIterator()
        let batch = try await iterator.next()
        #expect(batch == [1])
        for _ in 0..<2 {
            let later = await failure { () throws(TransportError) in _ = try await iterator.next() }
            #expect(later == lost)
        }
    }

    @Test("an answer can be chosen by the request")
    func answering() async throws {
        let transport = ScriptedTransport { request throws(TransportError) in
            guard request.method == "GET" else { throw TransportError(.other, "no") }
            return ScriptedExchange(body: request.url)
        }
        let text = try await transport.send(HTTPRequest(url: "http://a/b")).body.text()
        #expect(text == "http://a/b")
        let error = await failure { () throws(TransportError) in _ = try await transport.send(HTTPRequest(method: "PUT", url: "http://a")) }
        #expect(error?.message == "no")
    }

    @Test("what hangs, hangs until the task is cancelled", arguments: [true, false])
    func hanging(beforeHead: Bool) async {
        let transport = ScriptedTransport([beforeHead ? .hanging : ScriptedExchange(steps: [.hang])])
        let task = Task {
            try await transport.send(HTTPRequest(url: "http://a")).body.collect(upTo: 1)
        }
        while transport.requests.isEmpty { await Task.yield() }
        task.cancel()
        let error = await #expect(throws: TransportError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(transport.abandonedCount == 1)
    }

    @Test(
        "what hangs keeps to the limits of its request",
        arguments: [
            (true, HTTPTimeouts(firstByte: .milliseconds(20), total: .seconds(500)), TransportError.Code.firstByteTimeout),
            (true, HTTPTimeouts(firstByte: .seconds(500), total: .milliseconds(20)), .timeout),
            (false, HTTPTimeouts(firstByte: .milliseconds(1), total: .milliseconds(20)), .timeout),
        ])
    func limits(beforeHead: Bool, timeouts: HTTPTimeouts, code: TransportError.Code) async {
        let transport = ScriptedTransport([beforeHead ? .hanging : ScriptedExchange(steps: [.hang])])
        let error = await failure { () throws(TransportError) in
            _ = try await transport.send(HTTPRequest(url: "http://a", timeouts: timeouts)).body.collect(upTo: 1)
        }
        #expect(error?.code == code)
        #expect(transport.abandonedCount == 1)
    }

    @Test("a body that is dropped or cancelled before its end counts as abandoned")
    func abandoned() async throws {
        let transport = ScriptedTransport(Array(repeating: ScriptedExchange(body: "text"), count: 2))
        for try await _ in try await transport.send(HTTPRequest(url: "http://a")).body { break }
        #expect(transport.abandonedCount == 1)
        _ = try await transport.send(HTTPRequest(url: "http://a"))
        #expect(transport.abandonedCount == 2)
    }

    @Test("a recording gives status, header fields and body again, in batches of any size", arguments: [nil, 1, 7, 4096])
    func recordings(batchSize: Int?) async throws {
        for name in ["chat_plain", "chat_emoji_stream", "pool_classify_models"] {
            let recording = try Recording(name)
            let transport = ScriptedTransport([try ScriptedExchange(recording: recording.responseBytes, batchSize: batchSize)])
            let response = try await transport.send(HTTPRequest(url: "http://a"))
            var body: [UInt8] = []
            for try await batch in response.body {
                #expect(batch.count <= batchSize ?? .max)
                body += batch
            }
            #expect(response.status == recording.entry.status)
            #expect(response.headers["Content-Type"] == recording.entry.contentType)
            #expect(body == recording.response?.body)
        }
    }

    @Test("a recording that was cut fails where it was cut", arguments: ["end_server_sigkill_stream", "router_backend_killed_midstream"])
    func cut(name: String) async throws {
        let recording = try Recording(name)
        try #require(recording.response?.endedCleanly == false)
        let transport = ScriptedTransport([try ScriptedExchange(recording: recording.responseBytes)])
        let response = try await transport.send(HTTPRequest(url: "http://a"))
        let error = await failure { () throws(TransportError) in _ = try await response.body.text() }
        #expect(error?.code == .connectionLost)
    }
}
