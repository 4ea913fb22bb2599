import JSON
import TestSupport
import Testing
import VLLMSimulator

@Suite("The simulator answers what the real server answered")
struct RecordingTests {
    static let paths: Set<String> = [
        "/v1/models", "/health", "/ping", "/version", "/load", "/v1/chat/completions", "/v1/completions", "/tokenize", "/detokenize",
    ]

    /// Recordings that the simulator does not repeat, and why.
    static let leftOut: [String: String] = [
        "chat_add_generation_prompt_false": "what the model says where it was not taught to speak is noise",
        "chat_ignore_eos": "the model repeats its end token; the simulator repeats the answer",
        "chat_min_tokens": "what the model says beyond its answer is noise",
        "completion_default_max_tokens": "the model repeats its end token; the simulator repeats the answer",
        "completion_structured": "unconstrained noise after an untaught prompt",
        "completion_structured_after_think": "the model cuts its constrained `yes` into other tokens",
        "completion_token_ids_list": "noise after the untaught one of two prompts",
        "chat_logit_bias": "logit_bias is checked but has no effect",
        "chat_logprob_token_ids": "logprob_token_ids is ignored",
        "completion_beam": "beam search is not simulated",
        "err_content_part_type": "pydantic's report on all eight kinds of content parts",
        "err_vllm_xargs": "vllm_xargs is ignored",
        "err_nan": "NaN, which is not JSON, is refused as such",
        "response_format_bad_type": "pydantic's report on all kinds of response formats; the simulator's has one line",
        "structured_bad_grammar": "grammars are not compiled",
        "structured_bad_regex": "regular expressions are not compiled",
        "structured_bad_schema": "schemas are not compiled",
    ]

    /// Recordings of several choices at once: which one is sent next is the real server's scheduling.
    static let interleaved: Set<String> = ["chat_n2_stream", "completion_list_stream"]

    static func names(group: String) -> [String] {
        Recording.names { $0.group == group && paths.contains($0.path) && leftOut[$0.name] == nil }
    }

    @Test("with reasoning and tool parsers", arguments: names(group: "default"))
    func withParsers(name: String) throws {
        let simulator = try VLLMSimulator(options: .init(models: ["tiny-chat", "tiny"]))
        try compare(name, simulator)
    }

    @Test("without parsers", arguments: names(group: "bare"))
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
        let count = Self.names(group: "default").count
        #expect(count > 180)
        #expect(Self.names(group: "bare").count == 14)
        let unknown = Self.leftOut.keys.filter { name in !Recording.all.contains { $0.name == name } }
        #expect(unknown.isEmpty)
    }

    /// The chunks of the first choice, then those of the second, then those of none.
    private static func byChoice(_ chunks: [String]) -> [String] {
        let marks = ["\"index\":0,", "\"index\":1,"]
        return marks.flatMap { mark in chunks.filter { $0.contains(mark) } }
            + chunks.filter { chunk in !marks.contains { chunk.contains($0) } }
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
        if Self.interleaved.contains(name) { chunks = chunks.map(Self.byChoice) }
        #expect(chunks[0] == chunks[1])
    }
}
