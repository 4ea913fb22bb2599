import Configuration
import HTTPTransport
import HostSession
import JSON
import ProviderKit
import Replay
import ReplayServer
import SessionLog
import TestSupport
import Testing
import VLLMProvider
import VLLMSimulator

@Suite struct RoundTripTests {
    @Test(
        "every dialogue that a host recorded is the same again: from its log, and from the server that replays it", arguments: CallWay.all)
    func dialogues(_ way: CallWay) async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { folder in
            // Each dialogue in one of the ways: what is different about a dialogue is not about the way.
            let dialogues = Dialogue.all.enumerated().filter { $0.offset % 4 == CallWay.all.firstIndex(of: way) }.map(\.element)
            let count = try await Self.hold(dialogues, way, with: ReplayHost(root: folder), at: simulator.baseURL)
            #expect(count > 10)
        }
    }

    private static func hold(_ dialogues: [Dialogue], _ way: CallWay, with host: ReplayHost, at baseURL: String) async throws -> Int {
        var count = 0
        for (number, dialogue) in dialogues.enumerated() {
            let recorded = try host.session(
                "recorded-\(number)", "provider-vllm", way.settings(baseURL), tools: dialogue.hostTools, system: dialogue.system)
            let answers = try await dialogue.held(with: recorded)
            let log = recorded.recorder.logPath
            await recorded.close()
            recorded.recorder.finish()

            let replayed = try host.session(
                "replayed-\(number)", "provider-replay", ["log": .string(log)], tools: dialogue.hostTools, system: dialogue.system)
            #expect(try await dialogue.held(with: replayed) == answers, "\(dialogue)")
            #expect(replayed.messages.map(\.json.text) == recorded.messages.map(\.json.text), "\(dialogue)")
            await replayed.close()
            replayed.recorder.finish()
            for session in [recorded, replayed] where number == 0 { try EventSchema.check(log: session.recorder.logPath) }

            let server = try ReplayServer(try RecordedExchanges.read(log: log))
            let served = try host.session(
                "served-\(number)", "provider-vllm", way.settings(server.baseURL), tools: dialogue.hostTools, system: dialogue.system)
            // Where calls are markup, the provider makes their ids up.
            #expect(try await dialogue.held(with: served).map(Self.numbered) == answers.map(Self.numbered), "\(dialogue)")
            await served.close()
            server.stop()
            count += answers.count
        }
        return count
    }

    /// An answer with the ids of its calls numbered.
    private static func numbered(_ json: String) throws -> String {
        var response = try ChatResponse(json: JSONValue(parsing: json))
        for (number, call) in (response.toolCalls ?? []).enumerated() {
            response = try ChatResponse(json: JSONValue(parsing: response.json.text.replacing(call.id, with: "call-\(number)")))
        }
        return response.json.text
    }

    @Test("every recorded answer of a real server, and every error, is the same again from a log")
    func recordings() async throws {
        try await withTemporaryDirectory { folder in try await Self.replayRecordings(folder + "/events.jsonl") }
    }

    private static func replayRecordings(_ log: String) async throws {
        let writer = try SessionLogWriter(path: log, sessionID: "recordings", filter: EventFilter(exclude: []))
        let names = Recording.names { ["/v1/chat/completions", "/v1/completions"].contains($0.path) && $0.method == "POST" }
        var expected: [(question: String, answer: String)] = []
        for name in names {
            let recording = try Recording(name)
            guard let exchange = try? ScriptedExchange(recording: recording.responseBytes) else { continue }
            let transport = ScriptedTransport(answering: { request throws(TransportError) in
                switch request.url.split(separator: "/").last {
                case "tokenize": ScriptedExchange(body: #"{"tokens": [1, 2, 3], "count": 3, "max_model_len": 2048}"#)
                case "detokenize": ScriptedExchange(body: #"{"prompt": "assistant\n"}"#)
                case "models": ScriptedExchange(status: 404, body: #"{"detail": "Not Found"}"#)
                default: exchange
                }
            })
            let configuration: JSONObject = [
                "base_url": "http://server:8000", "default_model": "m", "max_retries": 0, "dialect": "0.32.0", "debug": true,
                "raw_debug": true, "use_completions": .bool(recording.entry.path == "/v1/completions"),
                "use_streaming": .bool(recording.entry.contentType?.hasPrefix("text/event-stream") == true),
            ]
            let provider = try VLLMProvider(
                configuration: ConfigurationNode(json: .object(configuration), origin: .default), transport: transport,
                context: ProviderContext(events: WriterSink(writer: writer)))
            let question = "What does \(name) say?"
            expected.append((question, await Self.answer(of: provider, to: question, options: ["logprobs": 1])))
        }
        writer.close()
        let replay = try ReplayProvider(
            configuration: ConfigurationNode(json: ["log": .string(log)], origin: .default), context: ProviderContext()
        ) { spec, _ in throw ConfigurationError([ConfigurationIssue(.error, .invalidValue, "nobody is asked: \(spec.module)")]) }
        var answered = 0
        for (question, answer) in expected {
            let again = await Self.answer(of: replay, to: question, options: ["logprobs": 1])
            #expect(again == answer, "\(question)")
            if !again.hasPrefix("error") { answered += 1 }
        }
        #expect(expected.count == 297)
        #expect(answered == 175)
    }

    /// The answer's JSON, or the error's.
    private static func answer(of provider: any Provider, to question: String, options: JSONObject) async -> String {
        do { return try await provider.complete(ChatRequest(messages: [.user(question)]), options: options).json.text } catch {
            return "error \(error.json.text)"
        }
    }
}

private struct WriterSink: EventSink {
    let writer: SessionLogWriter

    func wants(_ event: String) -> Bool { true }

    func emit(_ event: String, _ data: JSONObject) { writer.append(event, data) }
}
