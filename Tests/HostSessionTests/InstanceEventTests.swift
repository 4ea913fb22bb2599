import Configuration
import HostSession
import JSON
import Locks
import ProviderKit
import SessionLog
import TestSupport
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("The events of two instances of one module")
struct InstanceEventTests {
    /// A server whose answers for a chat are: a failure that may pass, an answer in two rounds, one that breaks off.
    private static func simulator() throws -> VLLMSimulator {
        func chunk(_ text: String, finishReason: JSONValue = .null) -> String {
            let choice: JSONValue = ["index": 0, "delta": ["content": .string(text)], "finish_reason": finishReason]
            let chunk: JSONValue = ["id": "c", "model": "m", "choices": [choice]]
            return chunk.text
        }
        let script = Guarded([
            SimulatedResponse.json(["error": ["message": "busy", "code": 503]], status: 503),
            .events([chunk("One", finishReason: "length"), "[DONE]"]), .events([chunk(", two.", finishReason: "stop"), "[DONE]"]),
            .events([chunk("Hm")]),
        ])
        return try VLLMSimulator(
            options: .init(respond: { request in
                switch request.path {
                case "/v1/models": .json(["object": "list", "data": [["id": "m", "max_model_len": 9000]]])
                case "/tokenize": .json(["tokens": [1], "count": 1])
                case "/v1/chat/completions": script.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                default: nil
                }
            }))
    }

    /// What the names of the events begin with that speak of one provider.
    private static let ofProvider = ["llm:", "provider:", "content_block:"]

    /// Makes the provider that is asked emit every event that there is.
    private func provoke(_ session: HostSession) async throws {
        session.forget()
        let result = Message(role: .tool, content: "12:34", toolCallID: "of-no-call")
        #expect(try await session.execute(result).response.text == "One, two.")
        let broken = await #expect(throws: ProviderError.self) { try await session.execute("Hi") }
        #expect(broken?.partialResponse?.text == "Hm")
        // One more than there may be in a minute.
        let throttled = await #expect(throws: ProviderError.self) { try await session.execute("Hi") }
        #expect(throttled?.code == .rateLimit)
    }

    @Test("every event of a provider, its own and those of the loop, names the instance; the loop's name it as provider, too")
    func everyEvent() async throws {
        let simulators = [try Self.simulator(), try Self.simulator()]
        let instances = zip(["one", "two"], simulators).map { name, simulator in
            """
            - module: provider-vllm
              instance_id: \(name)
              config:
                {base_url: "\(simulator.baseURL)", use_completions: false, debug: true, raw_debug: true, continuation: true, \
                context_window: 10000, max_retries: 1, min_retry_delay: 0, resume_stream: false, requests_per_minute: 4, \
                queue_timeout: 0.01}

            """
        }
        try await withTemporaryDirectory { root in
            let session = try Host(root).session(
                "hooks: [{module: hooks-logging, config: {exclude_events: []}}]\nproviders:\n" + instances.joined())
            var seen = 0
            for name in ["one", "two"] {
                try session.select(name)
                await session.waitForModelInfo()
                try await provoke(session)
                let records = try session.records
                let events = records[seen...].filter { record in Self.ofProvider.contains { record.event.hasPrefix($0) } }
                seen = records.count
                #expect(events.allSatisfy { $0.payload["instance_id"]?.string == name })
                var ofLoop: Set<String> = ["provider:request", "provider:response", "provider:error"]
                if name == "two" { ofLoop.insert("provider:resolve") }
                let ofBlocks: Set<String> = ["content_block:start", "content_block:end"]
                #expect(Set(events.map(\.event)) == ofLoop.union(VLLMProvider.eventNames).union(ofBlocks))
                for event in events where !ofBlocks.contains(event.event) {
                    #expect(event.payload["provider"]?.string == (ofLoop.contains(event.event) ? name : "vllm"))
                }
            }
            await session.close()
        }
    }

    @Test("an instance that does not name itself is named by the session, one that does is left as it is")
    func namedBySession() throws {
        try withTemporaryDirectory { root in
            var registry = ModuleRegistry()
            registry.addProvider("provider-silent") { _, context in
                context.events.emit("silent:asked", ["provider": "silent"])
                context.events.emit("silent:answered", ["provider": "silent", "instance_id": "own"])
                return ScriptedProvider([])
            }
            var issues: [ConfigurationIssue] = []
            let yaml = """
                hooks: [{module: hooks-logging}]
                providers: [{module: provider-silent, instance_id: one}, {module: provider-silent}]
                """
            let plan = MountPlan(try ConfigurationReader().node(parsing: yaml.utf8, file: "plan.yaml"), issues: &issues)
            let session = try HostSession(plan: plan, registry: registry, recorder: Host(root).recorder())
            let events = try session.records.filter { $0.event.hasPrefix("silent:") }
            #expect(events.map { $0.payload["instance_id"] } == ["one", "own", nil, "own"])
        }
    }

    @Test("where the plan gives no instance_id, no event has one")
    func unnamed() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { root in
            let config = #"{base_url: "\#(simulator.baseURL)", temperature: 0}"#
            let session = try Host(root).session("providers: [{module: provider-vllm, config: \(config)}]")
            _ = try await session.execute("What is 2+2?")
            let records = try session.records
            #expect(records.count >= 10)
            #expect(records.allSatisfy { $0.payload["instance_id"] == nil })
            let events = records.filter { $0.event.hasPrefix("llm:") || $0.event.hasPrefix("provider:") }
            #expect(events.allSatisfy { $0.payload["provider"] == "vllm" })
        }
    }
}
