import Configuration
import HostSession
import JSON
import ProviderKit
import SessionLog
import TestSupport
import Testing
import VLLMProvider

extension RealServer {
    @Suite("A host session with tools")
    struct SessionTests {
        @Test(
            "calls two tools side by side, sends their results back and gets the answer, and the log tells all of it",
            arguments: CallMode.all)
        func parallelTools(mode: CallMode) async throws {
            let weather = RecordingTool("get_weather") { _ in ["temperature": 12, "condition": "cloudy"] }
            let calculator = RecordingTool("calculate") { _ in 42 }
            try await withSession(mode, tools: [weather, calculator]) { session in
                var shown = ""
                let result = try await session.execute("What is the weather in London and what is 6 * 7?") { event in
                    if case .answer(.blockDelta(_, let text)) = event { shown += text }
                }
                #expect(result.response.text == "It is 12°C in London, and 6 * 7 = 42.")
                #expect(result.responses.map(\.finishReason) == ["tool_calls", "stop"])
                #expect(weather.calls == [["location": "London"]])
                #expect(calculator.calls == [["expression": "6 * 7"]])
                #expect(shown.hasSuffix("It is 12°C in London, and 6 * 7 = 42."))
                #expect(session.messages.map(\.role) == [.user, .assistant, .tool, .tool, .assistant])
                try checkLog(of: session, usage: result.usage)
            }
        }

        @Test("asks for one tool after the other until it has the answer", arguments: CallMode.all)
        func toolAfterTool(mode: CallMode) async throws {
            let calculator = RecordingTool("calculate") { $0["expression"] == "1 + 2" ? 3 : 6 }
            try await withSession(mode, tools: [calculator]) { session in
                let result = try await session.execute("Add 1 and 2, then double it.")
                #expect(result.response.text == "The final result is 6.")
                #expect(result.responses.count == 3)
                #expect(calculator.calls == [["expression": "1 + 2"], ["expression": "3 * 2"]])
            }
        }

        @Test("tells the model what a tool could not do, and remembers what was said", arguments: CallMode.all)
        func failingTool(mode: CallMode) async throws {
            struct Unknown: Error, CustomStringConvertible { let description = "unknown location" }
            let weather = RecordingTool("get_weather") { _ in throw Unknown() }
            try await withSession(mode, tools: [weather]) { session in
                let result = try await session.execute("What is the weather in Atlantis?")
                #expect(result.response.text == "I could not find the weather for Atlantis.")
            }
            try await withSession(mode, tools: []) { session in
                let (hello, name) = (try await session.execute("My name is Sam."), try await session.execute("What is my name?"))
                #expect(hello.response.text == "Nice to meet you, Sam!")
                #expect(name.response.text == "Your name is Sam.")
                #expect(session.messages.count == 4)
            }
        }

        private func withSession(_ mode: CallMode, tools: [RecordingTool], _ body: (HostSession) async throws -> Void) async throws {
            try await withTemporaryDirectory { folder in
                let plan: JSONValue = [
                    "session": ["orchestrator": "loop-streaming", "context": "context-simple"],
                    "providers": [["module": "provider-vllm", "config": try RealServer.configuration(mode.settings).json]],
                ]
                var issues: [ConfigurationIssue] = []
                let mountPlan = MountPlan(ConfigurationNode(json: plan, origin: .default), issues: &issues)
                #expect(!issues.hasErrors)
                var registry = ModuleRegistry()
                registry.addProvider(VLLMProvider.moduleName, schema: VLLMProvider.schema) { spec, context in
                    try VLLMProvider(configuration: spec.config, transport: RealServer.transport, context: context)
                }
                // The model was taught with all of the tools at hand.
                let others = Dialogue.tools.map(ToolSpec.init(openAI:)).filter { spec in !tools.contains { $0.spec.name == spec.name } }
                let all = tools.isEmpty ? [] : tools + others.map { RecordingTool($0.name) { _ in .null } }
                let recorder = try SessionRecorder(paths: SessionPaths(root: folder))
                let environment = RealServer.apiKey.map { ["VLLM_API_KEY": $0] } ?? [:]
                let session = try HostSession(
                    plan: mountPlan, registry: registry, recorder: recorder, environment: environment, tools: all)
                try await body(session)
                await session.close()
                recorder.finish()
                #expect(recorder.lostRecords == nil)
            }
        }

        private func checkLog(of session: HostSession, usage: Usage?) throws {
            session.recorder.flush()
            let (records, skipped) = try SessionLogReader.contents(of: session.recorder.logPath)
            #expect(skipped.isEmpty)
            let calls = ["provider:request", "llm:request", "llm:response", "provider:response"]
            let tools = ["tool:pre", "tool:pre", "tool:post", "tool:post"]
            let events = records.map(\.event).filter { !$0.hasPrefix("llm:stream_") && !$0.hasPrefix("content_block:") }
            #expect(
                events == ["session:start", "prompt:submit"] + calls + tools + calls + ["prompt:complete", "orchestrator:complete"])
            #expect(records.allSatisfy { $0.sessionID == session.id })
            let groups = records.filter { $0.event.hasPrefix("tool:") }.map { $0.payload["parallel_group_id"]?.string }
            #expect(Set(groups).count == 1 && groups[0] != nil)
            let requests = records.filter { $0.event == "llm:request" }.map(\.requestID)
            #expect(Set(requests).count == 2 && !requests.contains(nil))
            let responses = records.filter { $0.event == "llm:response" }
            #expect(responses.map(\.requestID) == requests)
            #expect(responses.allSatisfy { $0.payload["status"] == "ok" })
            let tokens = responses.compactMap { $0.payload["usage"]?["output_tokens"]?.int }.reduce(0, +)
            #expect(tokens == usage?.outputTokens)
        }
    }
}
