import HostSession
import JSON
import ProviderKit
import SessionLog
import TestSupport
import Testing

@Suite("Tools in a session")
struct ToolLoopTests {
    private static func call(_ id: String, _ name: String, _ arguments: JSONObject = [:]) -> ToolCall {
        ToolCall(id: id, name: name, arguments: arguments)
    }

    @Test("tools are offered, called, and their results sent back until the model answers")
    func loop() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([
                .calls([Self.call("c1", "double", ["n": 3])]), .calls([Self.call("c2", "double", ["n": 6])]), .text("12"),
            ])
            let double = TestTool("double") { ["value": .integer(($0["n"]?.int ?? 0) * 2)] }
            let session = try Host(root, provider).session(tools: [double, TestTool("other") { _ in .null }])
            var told: [String] = []
            let result = try await session.execute("Double 3 twice.") { event in
                switch event {
                case .toolStarted(let call): told.append("start \(call.id)")
                case .toolFinished(let call, let output, let hasFailed): told.append("end \(call.id) \(output.text) \(hasFailed)")
                case .answer(.blockStarted(let start)): told.append("block \(start.kind.name)")
                default: break
                }
            }
            #expect(result.response.text == "12")
            #expect(result.responses.count == 3)
            #expect(result.usage == Usage(inputTokens: 30, outputTokens: 15))
            #expect(
                told == [
                    "block tool_use", "start c1", "end c1 {\"value\":6} false", "block tool_use", "start c2", "end c2 {\"value\":12} false",
                    "block text",
                ])
            #expect(provider.requests.allSatisfy { $0.tools?.map(\.name) == ["double", "other"] })
            let last = try #require(provider.requests.last?.messages)
            #expect(last.map(\.role.rawValue) == ["user", "assistant", "tool", "assistant", "tool"])
            #expect(last[1].content.blocks.compactMap(\.toolCall?.id) == ["c1"])
            #expect(last[2].toolCallID == "c1")
            #expect(last[2].name == "double")
            #expect(last[2].content.plainText == "{\"value\":6}")
        }
    }

    @Test("the calls of one answer run side by side; their results stand in the calls' order", .timeLimit(.minutes(1)))
    func parallel() async throws {
        try await withTemporaryDirectory { root in
            let (seconds, second) = AsyncStream.makeStream(of: Void.self)
            // The first call ends only when the second has run.
            let first = TestTool("first") { _ in
                for await _ in seconds { break }
                return "1"
            }
            let other = TestTool("second") { _ in
                second.yield()
                return "2"
            }
            let provider = ScriptedProvider([.calls([Self.call("a", "first"), Self.call("b", "second")]), .text("done")])
            let session = try Host(root, provider).session(tools: [first, other])
            _ = try await session.execute("Go.")
            let results = try #require(provider.requests.last?.messages.suffix(2))
            #expect(results.map(\.toolCallID) == ["a", "b"])
            #expect(results.map(\.content.plainText) == ["1", "2"])
            let groups = try session.records.filter { $0.event.hasPrefix("tool:") }.map { $0.payload["parallel_group_id"]?.string }
            #expect(groups.count == 4 && Set(groups).count == 1 && groups[0]?.isEmpty == false)
        }
    }

    @Test("a tool that there is not, and one that fails, are results that the model is told")
    func failures() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([.calls([Self.call("a", "missing"), Self.call("b", "broken")]), .text("Sorry.")])
            let session = try Host(root, provider).session(tools: [TestTool("broken") { _ in throw ToolFailure() }])
            var failed: [String] = []
            let result = try await session.execute("Go.") { event in
                if case .toolFinished(let call, _, true) = event { failed.append(call.id) }
            }
            #expect(result.response.text == "Sorry.")
            #expect(failed == ["a", "b"])
            let results = try #require(provider.requests.last?.messages.suffix(2))
            #expect(results.map(\.content.plainText) == [#"{"error":"there is no tool \"missing\""}"#, #"{"error":"the tool broke"}"#])
            let events = try session.records.filter { $0.event == "tool:error" }
            #expect(events.map { $0.payload["tool_name"] } == ["missing", "broken"])
            let told: [JSONValue] = ["there is no tool \"missing\"", "the tool broke"]
            #expect(events.map { $0.payload["error"]?["msg"] } == told)
            #expect(events.allSatisfy { $0.level?.rawValue == "ERROR" })
        }
    }

    @Test("a model that calls tools for ever is stopped at max_iterations, and the conversation is as it was")
    func endless() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider((0..<9).map { _ in .calls([Self.call("c", "f")]) })
            let session = try Host(root, provider).session(
                "session: {orchestrator: {module: loop-streaming, config: {max_iterations: 3}}}\n" + Host.plan,
                tools: [TestTool("f") { _ in "again" }])
            let error = await #expect(throws: HostError.self) { try await session.execute("Go.") }
            #expect(error?.code == .tooManyIterations)
            #expect(
                error?.description
                    == "the model asked for tools 3 times without an answer (raise max_iterations of the orchestrator)")
            #expect(provider.requests.count == 3)
            #expect(session.messages.isEmpty)
            let end = try session.records.last { $0.event == "orchestrator:complete" }
            #expect(end?.payload["status"] == "error")
            #expect(end?.payload["turn_count"] == 3)
        }
    }

    @Test(
        "a result of text and picture blocks stays blocks, anything else is text",
        arguments: [
            (#"[{"type": "text", "text": "a"}, {"type": "image", "source": {"type": "url", "url": "u"}}]"#, 2),
            (#"[{"type": "text", "text": "a"}, {"type": "tool_call", "id": "x", "name": "f", "input": {}}]"#, nil),
            (#"[{"type": "text"}]"#, nil), (#"[]"#, nil), (#"[1, 2]"#, nil), (#"{"type": "text", "text": "a"}"#, nil),
        ])
    func blocks(output: String, count: Int?) async throws {
        try await withTemporaryDirectory { root in
            let output = try JSONValue(parsing: output)
            let provider = ScriptedProvider([.calls([Self.call("a", "f")]), .text("done")])
            let session = try Host(root, provider).session(tools: [TestTool("f") { _ in output }])
            _ = try await session.execute("Go.")
            let content = try #require(provider.requests.last?.messages.last?.content)
            #expect(content.json == (count == nil ? .string(output.text) : output))
            #expect(content.blocks.count == count ?? 1)
        }
    }

    @Test("tools of the plan are mounted from the registry")
    func planned() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([.text("4")])
            var host = Host(root, provider)
            host.tools["tool-clock"] = TestTool("clock") { _ in "12:34" }
            let session = try host.session("tools: [{module: tool-clock}]\n" + Host.plan)
            _ = try await session.execute("Hi")
            #expect(provider.requests.first?.tools?.map(\.name) == ["clock"])
        }
    }

    @Test("without tools, none are offered")
    func none() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([.text("4")])
            _ = try await Host(root, provider).session().execute("Hi")
            #expect(provider.requests.first?.tools == nil)
        }
    }
}
