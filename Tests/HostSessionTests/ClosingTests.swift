import HostSession
import JSON
import ProviderKit
import SessionLog
import TestSupport
import Testing
import VLLMSimulator

@Suite("Sessions that are closed, and prompts that are cancelled among tools", .timeLimit(.minutes(1)))
struct ClosingTests {
    /// Runs until its task is cancelled, and says when it has started.
    private static func waitingTool(_ name: String, started: AsyncStream<Void>.Continuation) -> TestTool {
        TestTool(name) { _ in
            started.yield()
            let (never, end) = AsyncStream.makeStream(of: Void.self)
            for await _ in never {}
            end.finish()
            throw CancellationError()
        }
    }

    @Test("closing ends an answer that is being read; what came of it stays, and all of it is in the log when closing is over")
    func answering() async throws {
        let chunk = #"{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Once upon"},"finish_reason":null}]}"#
        let simulator = try VLLMSimulator(
            options: .init(respond: { $0.path == "/v1/chat/completions" ? .events([chunk], ending: [.hang]) : nil }))
        defer { simulator.stop() }
        try await withTemporaryDirectory { root in
            let config = #"{base_url: "\#(simulator.baseURL)", use_completions: false}"#
            let session = try Host(root).session("providers: [{module: provider-vllm, config: \(config)}]")
            let (said, saying) = AsyncStream.makeStream(of: Void.self)
            let prompt = Task {
                try await session.execute("Tell me a story.") { if case .answer(.blockDelta) = $0 { saying.yield() } }
            }
            for await _ in said { break }
            await session.close()
            let records = try session.records
            let error = await #expect(throws: ProviderError.self) { try await prompt.value }
            #expect(error?.code == .cancelled)
            #expect(error?.message == "the provider was closed")
            #expect(error?.partialResponse?.text == "Once upon")
            #expect(session.messages.map(\.content.plainText) == ["Tell me a story.", "Once upon"])
            #expect(records.first { $0.event == "llm:response" }?.payload["status"] == "cancelled")
            let end = records.first { $0.event == "prompt:complete" }
            #expect(end?.payload["status"] == "cancelled")
            #expect(end?.payload["response_preview"] == "Once upon")
        }
    }

    @Test("closing ends the tools that run, whatever the provider does, and nothing more is asked")
    func tools() async throws {
        try await withTemporaryDirectory { root in
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            let provider = ScriptedProvider([.calls([ToolCall(id: "c", name: "wait", arguments: [:])]), .text("4")])
            let session = try Host(root, provider).session(tools: [Self.waitingTool("wait", started: start)])
            let prompt = Task { try await session.execute("Hi") }
            for await _ in started { break }
            await withTaskGroup { group in for _ in 0..<3 { group.addTask { await session.close() } } }
            let records = try session.records
            let error = await #expect(throws: ProviderError.self) { try await prompt.value }
            #expect(error?.code == .cancelled)
            #expect(error?.message == "the session was closed")
            #expect(provider.requests.count == 1)
            #expect(provider.closings == 1)
            #expect(records.first { $0.event == "tool:error" }?.payload["error"]?["msg"] == "cancelled")
            #expect(records.last { $0.event == "prompt:complete" }?.payload["status"] == "cancelled")
        }
    }

    @Test("of a prompt that is cancelled among its tools, the log tells what became of each of them")
    func cancelledTools() async throws {
        try await withTemporaryDirectory { root in
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            let quick = TestTool("quick") { _ in
                start.yield()
                return "done"
            }
            let tools = [Self.waitingTool("wait", started: start), quick]
            let calls = ["wait", "quick"].map { ToolCall(id: $0, name: $0, arguments: [:]) }
            let session = try Host(root, ScriptedProvider([.calls(calls)])).session(tools: tools)
            let prompt = Task { try await session.execute("Hi") }
            var count = 0
            for await _ in started {
                count += 1
                if count == 2 { break }
            }
            prompt.cancel()
            let error = await #expect(throws: ProviderError.self) { try await prompt.value }
            #expect(error?.code == .cancelled)
            let told = try session.records.filter { ["tool:post", "tool:error"].contains($0.event) }
            #expect(told.map { $0.payload["tool_call_id"] } == ["wait", "quick"])
            #expect(told.first?.payload["error"] == ["type": "ToolError", "msg": "cancelled"])
            #expect(told.map { $0.payload["tool_input"] } == [nil, [:]])
            #expect(told.last?.payload["result"] == "done")
            let end = try session.records.suffix(4)
            #expect(end.map(\.event) == ["cancel:requested", "cancel:completed", "prompt:complete", "orchestrator:complete"])
            #expect(end.first?.payload["state"] == "immediate")
            #expect(end.dropFirst().first?.payload["was_immediate"] == true)
            #expect(end.map { $0.payload["turn_count"] } == [1, 1, nil, 1])
        }
    }

    @Test("closing does not wait for ever for a provider that does not close, or a tool that does not listen", arguments: [true, false])
    func stubborn(isProvider: Bool) async throws {
        try await withTemporaryDirectory { root in
            let (goOn, going) = AsyncStream.makeStream(of: Void.self)
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            let tool = TestTool("wait") { _ in
                start.yield()
                // Uncancelled.
                await Task { for await _ in goOn { break } }.value
                return "done"
            }
            let provider = ScriptedProvider([.calls([ToolCall(id: "c", name: "wait", arguments: [:])])])
            if isProvider { provider.holdClosing(until: goOn) }
            let session = try Host(root, provider).session(tools: [tool])
            let prompt = isProvider ? nil : Task { try? await session.execute("Hi") }
            if !isProvider { for await _ in started { break } }
            await session.close(atMost: .milliseconds(20))
            going.finish()
            // Now that it can, it ends.
            await session.close(atMost: .seconds(50))
            #expect(await prompt?.value == nil)
            #expect(provider.closings == 1)
        }
    }
}
