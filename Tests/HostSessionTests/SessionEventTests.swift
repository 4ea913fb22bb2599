import HostSession
import JSON
import ProviderKit
import SessionLog
import TestSupport
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("The event log of a session")
struct SessionEventTests {
    static let simulator = Result { try VLLMSimulator() }

    private func plan(_ config: String = "", hooks: String = "", orchestrator: String = "loop-basic") throws -> String {
        let url = try Self.simulator.get().baseURL
        return """
            session: {orchestrator: \(orchestrator), context: context-simple}
            providers: [{module: provider-vllm, config: {base_url: "\(url)", temperature: 0\(config)}}]
            \(hooks)
            """
    }

    @Test("events and their keys are those of a real Amplifier session, in its order")
    func asAmplifier() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([.calls([ToolCall(id: "c", name: "echo", arguments: ["s": "hi"])]), .text("2+2 = 4")])
            let session = try Host(root, provider).session(
                "session: {orchestrator: loop-basic}\n" + Host.plan, tools: [TestTool("echo") { "echo:\($0["s"]?.string ?? "")" }])
            _ = try await session.execute("What is 2+2?")
            await session.close()
            session.recorder.finish()
            let records = try session.records
            // Those between provider:request and provider:response are the provider's own.
            #expect(
                records.map(\.event) == [
                    "session:start", "prompt:submit", "provider:request", "provider:response", "content_block:start", "content_block:end",
                    "tool:pre", "tool:post", "provider:request", "provider:response", "content_block:start", "content_block:end",
                    "prompt:complete", "orchestrator:complete", "session:end",
                ])
            #expect(records.allSatisfy { $0.sessionID == session.id })
            func payload(_ index: Int) -> JSONObject { records[index].payload }
            #expect(payload(0)["parent_id"]?.isNull == true)
            #expect(payload(1)["prompt"] == "What is 2+2?")
            #expect(payload(2)["provider"] == "scripted" && payload(2)["iteration"] == 0)
            #expect(payload(3)["provider"] == "scripted" && payload(3)["tool_calls"] == true)
            #expect(payload(3)["usage"]?["input_tokens"] == 10)
            #expect(payload(4)["block_type"] == "tool_call" && payload(4)["block_index"] == 0 && payload(4)["total_blocks"] == 1)
            let call: JSONValue = ["type": "tool_call", "id": "c", "name": "echo", "arguments": ["s": "hi"]]
            #expect(payload(5)["block"] == call)
            #expect(payload(5)["usage"] == payload(3)["usage"])
            #expect(payload(6)["tool_name"] == "echo" && payload(6)["tool_input"] == ["s": "hi"])
            #expect(payload(6)["parallel_group_id"]?.string?.isEmpty == false)
            #expect(payload(7)["tool_name"] == "echo" && payload(7)["result"] == "echo:hi")
            #expect(payload(7)["parallel_group_id"] == payload(6)["parallel_group_id"])
            #expect(payload(8)["iteration"] == 1)
            #expect(payload(9)["tool_calls"] == false)
            #expect(payload(10)["block_type"] == "text" && payload(11)["block"] == ["type": "text", "text": "2+2 = 4"])
            #expect(payload(12)["response_preview"] == "2+2 = 4" && payload(12)["length"] == 7)
            #expect(payload(13)["orchestrator"] == "loop-basic" && payload(13)["turn_count"] == 2 && payload(13)["status"] == "success")
            #expect(payload(14)["parent_id"]?.isNull == true && payload(14)["status"] == "ok")
        }
    }

    @Test("a call's events stand between those of the loop, joined by one request_id, and grep finds them by their provider")
    func vllm() async throws {
        try await withTemporaryDirectory { root in
            let session = try Host(root).session(try plan())
            let result = try await session.execute("What is 2+2?")
            #expect(result.response.text == "4")
            let records = try session.records
            #expect(
                records.map(\.event).dropFirst(2) == [
                    "provider:request", "llm:request", "llm:stream_block_start", "llm:stream_block_end", "llm:stream_block_start",
                    "llm:stream_block_end", "llm:response", "provider:response", "content_block:start", "content_block:end",
                    "content_block:start", "content_block:end", "prompt:complete", "orchestrator:complete",
                ])
            let calls = records.filter { $0.event.hasPrefix("llm:") }
            #expect(Set(calls.map(\.requestID)).count == 1 && calls.first?.requestID?.count == 36)
            let lines = try fileText(session.recorder.logPath).split(separator: "\n")
            #expect(lines.count == records.count)
            #expect(lines.count { $0.contains(#""provider":"vllm""#) } == 8)
            #expect(lines.allSatisfy { $0.contains(#""schema":{"name":"amplifier.log","ver":"1.0.0"}"#) })
        }
    }

    @Test(
        "the text of streams is left out by default; exclude_events says what is",
        arguments: [
            ("", 0, 1), ("hooks: [{module: hooks-logging}]", 0, 1),
            ("hooks: [{module: hooks-logging, config: {exclude_events: []}}]", 2, 1),
            ("hooks: [{module: hooks-logging, config: {exclude_events: ['llm:*']}}]", 0, 0),
        ])
    func excluded(hooks: String, deltas: Int, responses: Int) async throws {
        try await withTemporaryDirectory { root in
            let session = try Host(root).session(try plan(hooks: hooks))
            _ = try await session.execute("What is 2+2?")
            let events = try session.records.map(\.event)
            #expect(events.count { $0 == "llm:stream_block_delta" } >= deltas)
            #expect(events.contains("llm:stream_block_delta") == (deltas > 0))
            #expect(events.count { $0 == "llm:response" } == responses)
        }
    }

    @Test("a failed prompt is in the log as the provider's error, and so is how the prompt ended")
    func failure() async throws {
        try await withTemporaryDirectory { root in
            var error = ProviderError(.rateLimit, "slow down")
            error.status = 429
            let session = try Host(root, ScriptedProvider([.broken([], error)])).session()
            await #expect(throws: ProviderError.self) { try await session.execute("Hi") }
            let records = try session.records
            #expect(
                records.map(\.event) == [
                    "session:start", "prompt:submit", "provider:request", "provider:error", "prompt:complete", "orchestrator:complete",
                ])
            let failed = records[3].payload
            #expect(failed["error"]?["type"] == "RateLimitError")
            #expect(failed["error"]?["msg"] == "slow down")
            #expect(failed["retryable"] == true)
            #expect(failed["status_code"] == 429)
            #expect(records[3].level?.rawValue == "ERROR")
            #expect(records[4].payload["status"] == "error")
            #expect(records[5].payload["turn_count"] == 0)
        }
    }

    @Test("loop-streaming hands an answer over as it arrives, loop-basic when it is complete", arguments: ["loop-basic", "loop-streaming"])
    func loops(orchestrator: String) async throws {
        try await withTemporaryDirectory { root in
            let broken = ScriptedProvider.Answer.broken([.text(TextBlock("Hal"))], ProviderError(.stream, "cut"))
            let session = try Host(root, ScriptedProvider([broken, .text("Hello!")])).session(
                "session: {orchestrator: \(orchestrator)}\n" + Host.plan)
            var seen = 0
            await #expect(throws: ProviderError.self) { try await session.execute("Hi") { _ in seen += 1 } }
            #expect((seen > 0) == (orchestrator == "loop-streaming"))
            var text = ""
            let result = try await session.execute("Hi") { event in
                if case .answer(.blockDelta(_, let delta)) = event { text += delta }
            }
            #expect(text == "Hello!")
            #expect(try #require(result.timeToFirstToken) <= result.duration)
            let loops = try session.records.filter { $0.event == "orchestrator:complete" }.map { $0.payload["orchestrator"]?.string }
            #expect(loops == [orchestrator, orchestrator])
        }
    }

    @Test("a session is finished once, with the error that ended it")
    func finish() throws {
        try withTemporaryDirectory { root in
            let session = try Host(root, ScriptedProvider([])).session()
            session.recorder.finish(error: "no more")
            session.recorder.finish()
            let ends = try session.records.filter { $0.event == "session:end" }
            #expect(ends.count == 1)
            #expect(ends.first?.payload["status"] == "error")
            #expect(ends.first?.payload["error"] == "no more")
            #expect(session.recorder.lostRecords == nil)
            session.recorder.emit("too:late", [:])
            #expect(session.recorder.lostRecords?.count == 1)
        }
    }

    @Test("whoever ends a session finds its end in the log afterwards, also who comes second")
    func endedTwice() async throws {
        try await withTemporaryDirectory { root in
            let recorder = try Host(root, ScriptedProvider([])).recorder()
            for turn in 0..<500 { recorder.emit("tool:post", ["turn": .integer(turn)]) }
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<4 {
                    group.addTask { @concurrent in
                        recorder.finish()
                        return (try? fileText(recorder.logPath).contains("session:end")) == true
                    }
                }
                for await found in group { #expect(found) }
            }
            #expect(recorder.lostRecords == nil)
        }
    }

    @Test("a secret that the host names is in neither log nor listeners")
    func secrets() async throws {
        try await withTemporaryDirectory { root in
            let list = EventList(unwanted: ["prompt:complete"])
            let host = Host(root, ScriptedProvider([.text("It is planted-secret.")]))
            let recorder = try host.recorder(listeners: [list])
            recorder.keepSecret(["planted-secret"])
            let session = try host.session(recorder: recorder)
            _ = try await session.execute("Say planted-secret.")
            recorder.flush()
            #expect(try !fileText(recorder.logPath).contains("planted"))
            #expect(!list.events.contains { JSONValue.object($0.1).text.contains("planted") })
            #expect(list.events.map(\.0).contains("prompt:submit"))
            #expect(!list.events.map(\.0).contains("prompt:complete"))
        }
    }

    @Test("events that neither the log nor a listener wants need not be made")
    func wants() throws {
        try withTemporaryDirectory { root in
            let host = Host(root, ScriptedProvider([]))
            let alone = try host.recorder()
            #expect(!alone.wants("llm:stream_block_delta"))
            #expect(alone.wants("llm:response"))
            #expect(try host.recorder(id: "session-2", listeners: [EventList()]).wants("llm:stream_block_delta"))
        }
    }
}
