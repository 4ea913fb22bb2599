import HTTPTransport
import JSON
import Testing
import VLLMSimulator

@Suite("Scripted answers")
struct ScriptTests {
    @Test("a script's answer goes out as it is, and nil leaves the usual one")
    func raw() async throws {
        let simulator = try VLLMSimulator(
            options: .init(respond: { request in
                request.path == "/v1/models" ? .json(["error": "busy"], status: 503) : nil
            }))
        let scripted = try RawExchange(port: simulator.port, method: "GET", path: "/v1/models")
        #expect(scripted.status.hasPrefix("HTTP/1.1 503"))
        #expect(scripted.body == #"{"error":"busy"}"#)
        #expect(scripted["content-type"] == "application/json")
        #expect(try RawExchange(port: simulator.port, method: "GET", path: "/version").body == #"{"version":"0.32.0"}"#)
    }

    @Test("each part is a chunk")
    func chunks() throws {
        let simulator = try VLLMSimulator(
            options: .init(respond: { _ in SimulatedResponse(parts: [.bytes(Array("one".utf8)), .bytes(Array("two".utf8))]) }))
        let exchange = try RawExchange(port: simulator.port, method: "GET", path: "/")
        #expect(exchange.chunks == ["one", "two"])
        #expect(exchange.isComplete)
    }

    @Test("a cut ends the connection after so many bytes, without an end of the body", arguments: [0, 1, 7, 12])
    func cut(limit: Int) throws {
        let simulator = try VLLMSimulator(options: .init(respond: { _ in .events(["a", "b"]).cut(afterBytes: limit) }))
        let exchange = try RawExchange(port: simulator.port, method: "GET", path: "/")
        #expect(exchange.body == String("data: a\n\ndata: b\n\n".prefix(limit)))
        #expect(!exchange.isComplete)
    }

    @Test("a cut body with a length promises all of it")
    func cutWhole() throws {
        let simulator = try VLLMSimulator(options: .init(respond: { _ in .text("hello world").cut(afterBytes: 5) }))
        let exchange = try RawExchange(port: simulator.port, method: "GET", path: "/")
        #expect(exchange["content-length"] == "11")
        #expect(exchange.body == "hello")
        #expect(!exchange.isComplete)
    }

    @Test("no answer closes the connection")
    func noAnswer() throws {
        let simulator = try VLLMSimulator(options: .init(respond: { _ in .noAnswer }))
        #expect(try RawExchange(port: simulator.port, method: "GET", path: "/").status.isEmpty)
    }

    @Test("a gate holds an answer back until it opens", .timeLimit(.minutes(1)))
    func gate() async throws {
        let gate = SimulatorGate()
        let simulator = try VLLMSimulator(
            options: .init(respond: { _ in SimulatedResponse(parts: [.bytes([1]), .gate(gate), .bytes([2])]) }))
        let response = try await Client(simulator: simulator).send("/", .null)
        var iterator = response.body.makeAsyncIterator()
        #expect(try await iterator.next() == [1])
        gate.open()
        #expect(try await iterator.next() == [2])
        #expect(try await iterator.next() == nil)
    }
}
