import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("Time limits", .timeLimit(.minutes(1)))
struct TimeLimitTests {
    private static let silence = SimulatedResponse(parts: [.hang])
    private static let comment = SimulatedResponse.Part.bytes(Array(": keep-alive\n\n".utf8))
    /// Comments for longer than a test may take.
    private static let comments = Array(repeating: [comment, .pause(.milliseconds(10))], count: 10_000).flatMap { $0 }
    /// Limits none of which passes in a test.
    private static let long: JSONObject = [
        "connect_timeout": 500, "first_byte_timeout": 500, "stream_idle_timeout": 500, "timeout": 500,
    ]

    /// A server that answers requests to `path` with `response`, and others as it should.
    private func simulator(_ path: String, _ response: SimulatedResponse) throws -> VLLMSimulator {
        try VLLMSimulator(options: .init(respond: { $0.path == path ? response : nil }))
    }

    /// Options with one short limit.
    private func short(_ key: String, _ others: JSONObject = [:]) -> JSONObject {
        var options = Self.long
        options[key] = 0.05
        options.merge(others)
        return options
    }

    @Test(
        "a server that accepts and says nothing: the first byte's limit ends the call and is named, whichever request it is",
        arguments: [
            ("/v1/models", true, true), ("/tokenize", true, true), ("/v1/completions", true, true), ("/v1/completions", true, false),
            ("/v1/chat/completions", false, true), ("/v1/chat/completions", false, false),
        ])
    func silent(path: String, usesCompletions: Bool, streams: Bool) async throws {
        // Not even a head.
        var silence = Self.silence
        silence.before = [.hang]
        let simulator = try simulator(path, silence)
        defer { simulator.stop() }
        let events = EventCollector()
        let settings = short("first_byte_timeout", ["use_completions": .bool(usesCompletions), "use_streaming": .bool(streams)])
        let error = try #require(await VLLMProvider(settings, of: simulator, events: events).failure())
        #expect(error.code == .timeout)
        #expect(error.isRetryable)
        #expect(error.message == "\(simulator.baseURL) began no answer within 0.05 s (first_byte_timeout)")
        #expect(error.hint?.contains("raise first_byte_timeout") == true)
        #expect(error.details == ["setting": "first_byte_timeout", "seconds": 0.05])
        #expect(error.partialResponse == nil)
        let told = try #require(events.named("llm:response").last)
        #expect(told["status"] == "error")
        #expect(told["error_type"] == "LLMTimeoutError")
        #expect(told["error"]?.string == error.message)
    }

    @Test("a call's own limit holds where a model is named and where the server is to tell its models", arguments: [true, false])
    func callOption(namesModel: Bool) async throws {
        var silence = Self.silence
        silence.before = [.hang]
        let simulator = try VLLMSimulator(options: .init(respond: { [silence] _ in silence }))
        defer { simulator.stop() }
        let provider = try VLLMProvider(namesModel ? ["default_model": "m"] : [:], of: simulator)
        let error = try #require(await provider.failure(options: short("first_byte_timeout")))
        #expect(error.message == "\(simulator.baseURL) began no answer within 0.05 s (first_byte_timeout)")
    }

    @Test("a stream that has a head and comments, but no event, runs into the first byte's limit", arguments: ["first_byte_timeout", nil])
    func headAlone(key: String?) async throws {
        let simulator = try simulator("/v1/chat/completions", .events([], ending: Self.comments))
        defer { simulator.stop() }
        // Without a limit of its own, the first byte has that of the pauses.
        let options =
            key.map { short($0, ["use_completions": false]) }
            ?? short("stream_idle_timeout", ["use_completions": false, "first_byte_timeout": .null])
        let error = try #require(await VLLMProvider(options, of: simulator).failure())
        #expect(error.message == "\(simulator.baseURL) began no answer within 0.05 s (first_byte_timeout)")
    }

    @Test("a stream that pauses too long keeps what came; comments do not count", arguments: [true, false])
    func idle(sendsComments: Bool) async throws {
        let ending = sendsComments ? Self.comments : [.hang]
        let simulator = try simulator("/v1/chat/completions", .events([chatChunk(["content": "Hal"])], ending: ending))
        defer { simulator.stop() }
        let events = EventCollector()
        let provider = try VLLMProvider(short("stream_idle_timeout", ["use_completions": false]), of: simulator, events: events)
        let error = try #require(await provider.failure())
        #expect(error.code == .timeout)
        #expect(error.isRetryable)
        #expect(error.message == "\(simulator.baseURL) sent nothing for 0.05 s (stream_idle_timeout)")
        #expect(error.hint?.contains("raise stream_idle_timeout") == true)
        #expect(error.details == ["setting": "stream_idle_timeout", "seconds": 0.05])
        #expect(error.partialResponse?.text == "Hal")
        #expect(events.named("llm:response").map { $0["status"] } == ["error"])
        #expect(events.named("llm:stream_aborted").count == 1)
    }

    @Test("the pauses of a stream may together be longer than the limit of each, and the limit of the whole names itself")
    func whole() async throws {
        let events = (0..<10_000).map { _ in
            [SimulatedResponse.Part.bytes(Array("data: \(chatChunk(["content": "x"]))\n\n".utf8)), .pause(.milliseconds(5))]
        }
        let simulator = try simulator("/v1/chat/completions", .events([], ending: events.flatMap { $0 }))
        defer { simulator.stop() }
        let options: JSONObject = ["use_completions": false, "stream_idle_timeout": 500, "first_byte_timeout": 500, "timeout": 0.3]
        let error = try #require(await VLLMProvider(options, of: simulator).failure())
        #expect(error.message == "\(simulator.baseURL) did not answer completely within 0.3 s (timeout)")
        #expect(error.details == ["setting": "timeout", "seconds": 0.3])
    }

    @Test("a limit for connecting of a call is its own, named in the error")
    func connect() async throws {
        let transport = ScriptedTransport([.failing(TransportError(.connectTimeout, "no connection"))])
        var settings = Self.long
        settings["use_completions"] = false
        let provider = try VLLMProvider(settings, transport: transport)
        let error = try #require(await provider.failure(options: ["connect_timeout": 200, "first_byte_timeout": 300]))
        #expect(error.message == "no connection to http://server:8000 within 200 s (connect_timeout)")
        #expect(error.details == ["setting": "connect_timeout", "seconds": 200.0])
        #expect(transport.requests.first?.timeouts.connect == .seconds(200))
        #expect(transport.requests.first?.timeouts.firstByte == .seconds(300))
    }
}
