import HostSession
import JSON
import ProviderKit
import SessionLog
import TestSupport
import Testing

@Suite("Several providers: when one fails, the next one answers")
struct FailoverTests {
    private static func plan(_ names: String..., orchestrator: String = "{module: loop-streaming}") -> String {
        "session: {orchestrator: \(orchestrator)}\nproviders: [\(names.map { "{module: provider-\($0)}" }.joined(separator: ", "))]"
    }

    private static let refused = ProviderError(.network, "connection refused")

    /// The codes behind which another provider is asked, whatever is known of it.
    private static let allowing: Set<ProviderError.Code> = [
        .rateLimit, .unavailable, .network, .timeout, .stream, .quotaExceeded, .authentication, .accessDenied, .notFound,
    ]

    @Test(
        "an error that another provider may not have is followed by the next provider, any other one is thrown",
        arguments: ProviderError.Code.all)
    func codes(code: ProviderError.Code) async throws {
        try await withTemporaryDirectory { root in
            let a = ScriptedProvider([.broken([], ProviderError(code, "no"))], name: "a")
            let b = ScriptedProvider([.text("I am b.")], name: "b")
            let session = try Host(root, [a, b]).session(Self.plan("a", "b"))
            if Self.allowing.contains(code) {
                let result = try await session.execute("Who?")
                #expect(result.response.text == "I am b.")
                #expect(result.provider == "b")
                #expect(session.messages.map(\.content.plainText) == ["Who?", "I am b."])
            } else {
                let error = await #expect(throws: ProviderError.self) { try await session.execute("Who?") }
                #expect(error?.code == code)
                #expect(b.requests.isEmpty)
            }
        }
    }

    @Test("neither a connection that would fail again nor an unknown failure that may pass keeps the next provider from being asked")
    func retryable() async throws {
        try await withTemporaryDirectory { root in
            let failures = [
                ProviderError(.network, "the certificate has expired", isRetryable: false), ProviderError(.other, "?", isRetryable: true),
            ]
            for (index, failure) in failures.enumerated() {
                let a = ScriptedProvider([.broken([], failure)], name: "a")
                let host = Host(root, [a, ScriptedProvider([.text("b")], name: "b")])
                let session = try host.session(Self.plan("a", "b"), recorder: host.recorder(id: "session-\(index)"))
                #expect(try await session.execute("Hi").provider == "b")
            }
        }
    }

    @Test("the log tells who failed, who is asked instead and why, and who answered")
    func events() async throws {
        try await withTemporaryDirectory { root in
            var failure = ProviderError(.rateLimit, "slow down")
            failure.status = 429
            let a = ScriptedProvider([.broken([], failure)], name: "a")
            let session = try Host(root, [a, ScriptedProvider([.text("b")], name: "b")]).session(Self.plan("a", "b"))
            _ = try await session.execute("Hi")
            let records = try session.records
            #expect(
                records.map(\.event) == [
                    "session:start", "prompt:submit", "provider:request", "provider:error", "provider:resolve", "provider:request",
                    "provider:response", "content_block:start", "content_block:end", "prompt:complete", "orchestrator:complete",
                ])
            #expect(records[2...6].map { $0.payload["provider"] } == ["a", "a", "b", "b", "b"])
            #expect(records[2].payload["iteration"] == records[5].payload["iteration"])
            #expect(records[2].requestID != records[5].requestID)
            #expect(records[4].requestID == records[5].requestID)
            let change = records[4].payload
            #expect(change["previous"] == "a")
            #expect(change["reason"] == "rate_limit")
            #expect(change["error_type"] == "RateLimitError")
            #expect(change["error_message"] == "slow down")
            #expect(records[9].payload["status"] == "success")
        }
    }

    @Test("what was shown is not taken back: loop-streaming reports the part, loop-basic has shown nothing yet", arguments: [true, false])
    func shown(streams: Bool) async throws {
        try await withTemporaryDirectory { root in
            let cut = ProviderError(.stream, "the stream broke off")
            let a = ScriptedProvider([.broken([.text(TextBlock("Once upon"))], cut)], name: "a")
            let b = ScriptedProvider([.text("I am b.")], name: "b")
            let plan = Self.plan("a", "b", orchestrator: streams ? "loop-streaming" : "loop-basic")
            let session = try Host(root, [a, b]).session(plan)
            var text = ""
            let prompt = { try await session.execute("Who?") { if case .answer(.blockDelta(_, let delta)) = $0 { text += delta } } }
            if streams {
                let error = await #expect(throws: ProviderError.self) { _ = try await prompt() }
                #expect(error?.partialResponse?.text == "Once upon")
                #expect(error?.message == "the stream broke off")
                #expect(text == "Once upon")
                #expect(b.requests.isEmpty)
                // It has failed all the same: the next prompt does not wait for it.
                _ = try await session.execute("Who?")
                #expect((a.requests.count, b.requests.count) == (1, 1))
            } else {
                _ = try await prompt()
                #expect(text == "I am b.")
            }
        }
    }

    @Test("of an answer that failed before its first word nothing is handed over")
    func nothingOfIt() async throws {
        try await withTemporaryDirectory { root in
            var begun = ScriptedProvider.Answer.broken([], Self.refused)
            begun.events = [.started(ResponseStart(id: "r", model: "model-a")), .promptTokens(PromptTokens(ids: [1]))]
            let b = ScriptedProvider([.text("I am b.")], name: "b")
            let session = try Host(root, [ScriptedProvider([begun], name: "a"), b]).session(Self.plan("a", "b"))
            var events: [ProviderEvent] = []
            _ = try await session.execute("Who?") { if case .answer(let event) = $0 { events.append(event) } }
            let models = events.compactMap { event in if case .started(let start) = event { start.model } else { nil } }
            #expect(models == ["m"])
            #expect(!events.contains { if case .promptTokens = $0 { true } else { false } })
        }
    }

    @Test("the first token of an answer that was given up is not the first one of the answer")
    func firstToken() async throws {
        try await withTemporaryDirectory { root in
            let cut = ScriptedProvider.Answer.broken([.text(TextBlock("Once"))], ProviderError(.stream, "cut"))
            let empty = ScriptedProvider.Answer([])
            let (a, b) = (ScriptedProvider([cut], name: "a"), ScriptedProvider([empty, .text("b")], name: "b"))
            let session = try Host(root, [a, b]).session(Self.plan("a", "b", orchestrator: "loop-basic"))
            #expect(try await session.execute("Hi").timeToFirstToken == nil)
            #expect(try await session.execute("Hi").timeToFirstToken != nil)
        }
    }

    @Test("between tools, the next provider goes on with what the tools have said, and answers to the end of the prompt")
    func tools() async throws {
        try await withTemporaryDirectory { root in
            let call = ToolCall(id: "c", name: "echo", arguments: ["s": "hi"])
            let a = ScriptedProvider([.calls([call]), .broken([], Self.refused), .text("too late")], name: "a")
            let b = ScriptedProvider([.calls([call]), .text("Done.")], name: "b")
            let session = try Host(root, [a, b]).session(Self.plan("a", "b"), tools: [TestTool("echo") { $0["s"] ?? "" }])
            let result = try await session.execute("Say hi.")
            #expect(result.response.text == "Done.")
            #expect(result.responses.count == 3)
            #expect(a.requests.count == 2)
            #expect(
                b.requests.map { $0.messages.map(\.role.rawValue) } == [
                    ["user", "assistant", "tool"], ["user", "assistant", "tool", "assistant", "tool"],
                ])
        }
    }

    @Test(
        "one that has failed is asked behind the others for a while; with failover_cooldown 0 the next prompt asks it first again",
        arguments: [true, false])
    func cooldown(isLeftAlone: Bool) async throws {
        try await withTemporaryDirectory { root in
            let a = ScriptedProvider([.broken([], Self.refused), .text("I am a.")], name: "a")
            let b = ScriptedProvider([.text("I am b."), .broken([], Self.refused)], name: "b")
            let config = isLeftAlone ? "failover_cooldown: 1h" : "failover_cooldown: 0"
            let session = try Host(root, [a, b]).session(Self.plan("a", "b", orchestrator: "{module: loop-basic, config: {\(config)}}"))
            var answers: [String] = []
            for _ in 0..<2 { answers.append(try await session.execute("Who?").response.text) }
            // In its turn behind the others it is asked all the same.
            #expect(answers == ["I am b.", "I am a."])
            #expect((a.requests.count, b.requests.count) == (2, isLeftAlone ? 2 : 1))
            let changes = try session.records.filter { $0.event == "provider:resolve" }.map { $0.payload["reason"]?.string }
            #expect(changes == (isLeftAlone ? ["network", "network"] : ["network", "priority"]))
        }
    }

    @Test("failover: false asks the first provider alone")
    func off() async throws {
        try await withTemporaryDirectory { root in
            let (a, b) = (ScriptedProvider([.broken([], Self.refused)], name: "a"), ScriptedProvider([.text("b")], name: "b"))
            let plan = Self.plan("a", "b", orchestrator: "{module: loop-basic, config: {failover: false}}")
            let session = try Host(root, [a, b]).session(plan)
            let error = await #expect(throws: ProviderError.self) { try await session.execute("Hi") }
            #expect(error?.message == "connection refused")
            #expect(error?.details["failover"] == nil)
            #expect(b.requests.isEmpty)
        }
    }

    @Test("when all fail, the first one's error tells what each of them said")
    func all() async throws {
        try await withTemporaryDirectory { root in
            let wrongKey = ProviderError(.authentication, "wrong key", hint: "set api_key", status: 401)
            let (a, b) = (ScriptedProvider([.broken([], wrongKey)], name: "a"), ScriptedProvider([.broken([], Self.refused)], name: "b"))
            let session = try Host(root, [a, b]).session(Self.plan("a", "b"))
            let error = await #expect(throws: ProviderError.self) { try await session.execute("Hi") }
            #expect(error?.code == .authentication)
            #expect(error?.status == 401)
            #expect(error?.description == "a: wrong key; b: connection refused (set api_key)")
            #expect(error?.isRetryable == true)
            let told = error?.details["failover"]?.array?.map { "\($0["provider"]?.string ?? "") \($0["type"]?.string ?? "")" }
            #expect(told == ["a AuthenticationError", "b NetworkError"])
            #expect(session.messages.isEmpty)
        }
    }

    @Test("a part of an answer counts more than the first error, and so does that nobody wants it any more")
    func laterError() async throws {
        try await withTemporaryDirectory { root in
            let cut = ScriptedProvider.Answer.broken([.text(TextBlock("Hal"))], ProviderError(.stream, "cut"))
            let b = ScriptedProvider([cut, .waiting([.text(TextBlock("Once"))])], name: "b")
            let a = ScriptedProvider([.broken([], Self.refused), .broken([], Self.refused)], name: "a")
            let session = try Host(root, [a, b]).session(
                Self.plan("a", "b", orchestrator: "{module: loop-streaming, config: {failover_cooldown: 0}}"))
            let error = await #expect(throws: ProviderError.self) { try await session.execute("Hi") }
            #expect(error?.code == .stream)
            #expect(error?.partialResponse?.text == "Hal")
            #expect(error?.message == "a: connection refused; b: cut")
            let (said, saying) = AsyncStream.makeStream(of: Void.self)
            let prompt = Task { try await session.execute("Hi") { if case .answer(.blockDelta) = $0 { saying.yield() } } }
            for await _ in said { break }
            prompt.cancel()
            let cancelled = await #expect(throws: ProviderError.self) { try await prompt.value }
            #expect(cancelled?.code == .cancelled)
            #expect(session.messages.map(\.content.plainText) == ["Hi", "Once"])
        }
    }

    @Test(
        "a conversation that is too long is asked of the next provider with a larger context window, as far as windows are known",
        arguments: [
            ([100, 200, 300], nil, "b"), ([100, 100, 300], nil, "c"), ([100, nil, 300], nil, "c"), ([100, 50, nil], nil, nil),
            ([nil, 200, 300], nil, nil), ([100, 200, 300], "model", nil),
        ] as [([Int?], String?, String?)])
    func contextWindow(windows: [Int?], model: String?, answering: String?) async throws {
        try await withTemporaryDirectory { root in
            let tooLong = ScriptedProvider.Answer.broken([], ProviderError(.contextLength, "too long"))
            let providers = zip(["a", "b", "c"], windows).map { name, window in
                ScriptedProvider([name == "a" ? tooLong : .text(name), .text(name)], name: name, contextWindow: window)
            }
            let session = try Host(root, providers).session(Self.plan("a", "b", "c"))
            let options = PromptOptions(model: model)
            if let answering {
                #expect(try await session.execute("Hi", options: options).provider == answering)
            } else {
                let error = await #expect(throws: ProviderError.self) { try await session.execute("Hi", options: options) }
                #expect(error?.code == .contextLength)
                #expect(providers.dropFirst().allSatisfy { $0.requests.isEmpty })
            }
            // It was the prompt's fault: a shorter one is for the first again.
            session.forget()
            #expect(try await session.execute("Hi").provider == "a")
        }
    }

    @Test("the window that the error tells counts more than what is known otherwise")
    func toldWindow() async throws {
        try await withTemporaryDirectory { root in
            let tooLong = ProviderError(.contextLength, "too long", details: ["context_window": 250])
            let a = ScriptedProvider([.broken([], tooLong)], name: "a", contextWindow: 100)
            let (b, c) = (
                ScriptedProvider([.text("b")], name: "b", contextWindow: 200), ScriptedProvider([.text("c")], name: "c", contextWindow: 300)
            )
            let session = try Host(root, [a, b, c]).session(Self.plan("a", "b", "c"))
            #expect(try await session.execute("Hi").provider == "c")
        }
    }

    @Test("a model that was named for a prompt is asked for everywhere; a provider that lacks it answers the next prompt")
    func namedModel() async throws {
        try await withTemporaryDirectory { root in
            let unknown = ScriptedProvider.Answer.broken([], ProviderError(.notFound, "no such model"))
            let (a, b) = (ScriptedProvider([unknown, .text("a")], name: "a"), ScriptedProvider([.text("b")], name: "b"))
            let session = try Host(root, [a, b]).session(Self.plan("a", "b"))
            #expect(try await session.execute("Hi", options: PromptOptions(model: "big")).provider == "b")
            #expect(b.requests.map(\.model) == ["big"])
            #expect(try await session.execute("Hi").provider == "a")
        }
    }
}
