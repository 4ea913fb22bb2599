import JSON
import TestSupport
import Testing
import VLLMSimulator

@Suite("The simulator answers what the real server answered")
struct RecordingTests {
    @Test("with reasoning and tool parsers", arguments: Recording.simulated(group: "default"))
    func withParsers(name: String) throws {
        let simulator = try VLLMSimulator(options: .init(models: ["tiny-chat", "tiny"]))
        try compare(name, simulator)
    }

    @Test("without parsers", arguments: Recording.simulated(group: "bare"))
    func withoutParsers(name: String) throws {
        var options = VLLMSimulator.Options()
        options.reasoningParser = false
        options.toolParser = false
        options.maxModelLength = 512
        try compare(name, VLLMSimulator(options: options))
    }

    @Test("with a key", arguments: Recording.names { $0.group == "full" && $0.status == 401 && !$0.path.hasPrefix("/inference") })
    func unauthorised(name: String) throws {
        try compare(name, VLLMSimulator(options: .init(apiKey: "sk-test-1")), ignoringHeaders: ["x-request-id"])
    }

    @Test("errors that come as events of a stream", arguments: ["overload_stream_logprobs_too_many", "overload_stream_out_of_vocab"])
    func streamedErrors(name: String) throws {
        try compare(name, VLLMSimulator())
    }

    @Test("there are recordings to compare with")
    func isNotEmpty() {
        let count = Recording.simulated(group: "default").count
        #expect(count > 180)
        #expect(Recording.simulated(group: "bare").count == 14)
        let unknown = Recording.notSimulated.keys.filter { name in !Recording.all.contains { $0.name == name } }
        #expect(unknown.isEmpty)
    }

    private func compare(_ name: String, _ simulator: VLLMSimulator, ignoringHeaders: Set<String> = []) throws {
        let recording = try Recording(name)
        let ignored = ignoringHeaders.union(["date", "content-length", "connection"])
        let sent = recording.request.headers.filter { !["host", "connection", "content-length"].contains($0.name) }
        let answer = try RawExchange(
            port: simulator.port, method: recording.entry.method, path: recording.entry.path, headers: sent.map { ($0.name, $0.value) },
            body: recording.request.body)
        let wanted = RawExchange(parsing: recording.responseBytes, hasBody: recording.entry.method != "HEAD")
        #expect(answer.status == wanted.status)
        let headers = [answer, wanted].map { $0.headers.filter { !ignored.contains($0.name) }.map { "\($0.name): \($0.value)" }.sorted() }
        #expect(headers[0] == headers[1])
        #expect(answer.isChunked == wanted.isChunked)
        #expect(answer.isComplete)
        var chunks = [answer, wanted].map { $0.chunks.filter { !$0.hasPrefix(":") }.map(normalised) }
        if Recording.interleaved.contains(name) { chunks = chunks.map(sortedByChoice) }
        #expect(chunks[0] == chunks[1])
    }
}
