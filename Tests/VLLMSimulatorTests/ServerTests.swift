import HTTPTransport
import JSON
import Locks
import Testing
import VLLMSimulator

@Suite("The simulator as a server")
struct ServerTests {
    private static let story: JSONValue = ["messages": [["role": "user", "content": "Tell me a long story."]], "stream": true]
    /// A stream without an end that a test would live to see.
    private static let endless: JSONValue = [
        "prompt": "Once upon a time", "max_tokens": 2000, "ignore_eos": true, "stream": true,
    ]

    @Test("64 streams at once all come to their ends", .timeLimit(.minutes(1)))
    func concurrentStreams() async throws {
        let client = Client(simulator: try VLLMSimulator())
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    let events = try await client.events("/v1/chat/completions", Self.story)
                    #expect(events.last == "[DONE]")
                    return events.count
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts.count == 64)
        #expect(Set(counts).count == 1)
    }

    @Test("a client that leaves stops the generation, streamed or not", .timeLimit(.minutes(1)), arguments: [true, false])
    func clientLeaves(stream: Bool) async throws {
        let ends = AsyncStream.makeStream(of: Bool.self)
        let arrivals = AsyncStream.makeStream(of: Void.self)
        var options = VLLMSimulator.Options(tokenDelay: .milliseconds(50))
        options.observe = { event in
            switch event {
            case .received: arrivals.continuation.yield()
            case .finished(_, let isComplete): ends.continuation.yield(isComplete)
            }
        }
        let simulator = try VLLMSimulator(options: options)
        let client = Client(simulator: simulator)
        var body = Self.endless.object ?? [:]
        body["stream"] = .bool(stream)
        let request = JSONValue.object(body)
        let task = Task {
            let response = try await client.send("/v1/completions", request)
            for try await _ in response.body {}
        }
        for await _ in arrivals.stream { break }
        task.cancel()
        // All of it would take 100 seconds.
        var isComplete: Bool?
        for await end in ends.stream {
            isComplete = end
            break
        }
        #expect(isComplete == false)
        #expect(simulator.runningRequests == 0)
    }

    @Test("a slow stream holds up nobody else", .timeLimit(.minutes(1)))
    func slowStream() async throws {
        let client = Client(simulator: try VLLMSimulator(options: .init(tokenDelay: .seconds(1000))))
        let slow = Task { try await client.events("/v1/completions", Self.endless) }
        let models = try await client.json("/tokenize", ["prompt": "Hello"])
        #expect(models["count"] == 1)
        slow.cancel()
        _ = await slow.result
    }

    @Test("stop ends streams that wait, and ends twice as well as once", .timeLimit(.minutes(1)))
    func stop() async throws {
        let simulator = try VLLMSimulator(options: .init(respond: { _ in .events(["1"], ending: [.hang]) }))
        let response = try await Client(simulator: simulator).send("/", .null)
        var iterator = response.body.makeAsyncIterator()
        #expect(try await iterator.next() != nil)
        let clock = ContinuousClock()
        let time = clock.measure { simulator.stop() }
        #expect(time < .seconds(5))
        simulator.stop()
        await #expect(throws: TransportError.self) { _ = try await iterator.next() }
        #expect(simulator.runningRequests == 0)
    }

    @Test("pauses add up to the delay of all tokens")
    func tokenDelay() async throws {
        let client = Client(simulator: try VLLMSimulator(options: .init(tokenDelay: .milliseconds(5))))
        let clock = ContinuousClock()
        let time = try await clock.measure { _ = try await client.events("/v1/completions", ["prompt": "1, 2, 3,", "stream": true]) }
        #expect(time >= .milliseconds(5 * 14))
    }

    @Test("requests are kept as they came, and no more than the limit")
    func recorded() async throws {
        var options = VLLMSimulator.Options()
        options.recordedRequestLimit = 3
        let simulator = try VLLMSimulator(options: options)
        let client = Client(simulator: simulator)
        for index in 0..<9 { _ = try await client.json("/detokenize", ["tokens": [.integer(index)]]) }
        #expect(simulator.requests.map { $0.json?["tokens"]?[0]?.int } == [6, 7, 8])
        let last = try #require(simulator.requests.last)
        #expect(last.method == "POST")
        #expect(last.path == "/detokenize")
        #expect(last.header("Content-Type") == "application/json")
    }

    @Test("a prefix stands before all paths")
    func pathPrefix() async throws {
        var options = VLLMSimulator.Options()
        options.pathPrefix = "/llm"
        let simulator = try VLLMSimulator(options: options)
        #expect(try await Client(simulator: simulator).json("/tokenize", ["prompt": "Hello"])["count"] == 1)
        #expect(try RawExchange(port: simulator.port, method: "GET", path: "/version").status == "HTTP/1.1 404 Not Found")
    }

    @Test("a taken port and a strange host are told in a sentence")
    func cannotListen() throws {
        let first = try VLLMSimulator()
        let taken = #expect(throws: SimulatorError.self) { try VLLMSimulator(options: .init(port: first.port)) }
        #expect(taken?.message.contains("port \(first.port)") == true)
        let strange = #expect(throws: SimulatorError.self) { try VLLMSimulator(options: .init(host: "no.such.host.invalid")) }
        #expect(strange?.message.contains("no.such.host.invalid") == true)
        #expect(throws: SimulatorError.self) { try VLLMSimulator(options: .init(port: 70_000)) }
        #expect(throws: SimulatorError.self) { try VLLMSimulator(options: .init(models: [])) }
    }

    @Test("it listens on IPv6 too")
    func ipv6() async throws {
        let simulator = try VLLMSimulator(options: .init(host: "::1"))
        #expect(simulator.baseURL == "http://[::1]:\(simulator.port)")
        #expect(try await Client(simulator: simulator).json("/tokenize", ["prompt": "Hello"])["count"] == 1)
    }
}
