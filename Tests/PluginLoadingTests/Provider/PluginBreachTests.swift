import CProviderPlugin
import JSON
import ProviderKit
import Testing

@testable import PluginLoading

@Suite("Plugins that do not keep to the order of a call", .timeLimit(.minutes(1)))
struct PluginBreachTests {
    private let request = ChatRequest(messages: [.user("Hi")])

    private static let error = #"{"type": "LLMError", "code": "other", "message": "x", "retryable": false}"#

    @Test("what comes behind the last step finds nothing and changes nothing", arguments: [true, false])
    func stepsBehindTheLast(isError: Bool) async throws {
        let plugin = FakePlugin()
        let begun = Arrival<FakeCall>()
        plugin.onStart = { call in
            if isError { call.fail(Self.error) } else { call.answer("Hello") }
            for _ in 0..<4 { call.step(Int(PROVIDER_STEP_RESPONSE), "") }
            begun.bring(call)
        }
        let provider = try plugin.provider()
        let error = await thrown { () throws(ProviderError) in #expect(try await provider.complete(request).text == "Hello") }
        #expect(error?.message == (isError ? "x" : nil))
        let call = try await begun.value
        for _ in 0..<4 {
            #expect(call.events("[]") == ProviderFlow(PROVIDER_CONTINUE))
            call.fail(Self.error)
        }
    }

    @Test("a plugin that goes on in a pause has its call ended before it fills the memory; one step alone may be large")
    func noPause() async throws {
        let plugin = FakePlugin()
        let begun = Arrival<FakeCall>()
        let large = String(repeating: "x", count: PluginMailbox.hardLimit)
        plugin.onStart = { call in
            call.events(#"[{"type": "block_start", "index": 0, "block_type": "text"}]"#)
            call.events(#"[{"type": "block_delta", "index": 0, "text": "\#(large)"}]"#)
            begun.bring(call)
        }
        let source = PluginResponseSource(try plugin.instance(), request, options: [:], provider: "fake")
        let first = try await source.next()
        #expect(first?.count == 2)
        let call = try await begun.value
        let piece = #"[{"type": "block_delta", "index": 0, "text": "\#(String(repeating: "x", count: 100_000))"}]"#
        for _ in 0..<100 { call.events(piece) }
        let error = await thrown { () throws(ProviderError) in _ = try await source.next() }
        #expect(error?.message == "the plugin does not keep to the plugin ABI: it goes on with an answer after it was paused")
        #expect(error?.provider == "fake")
        #expect(error?.partialResponse?.text == large)
        #expect(call.releases == 1)
        let end = try await source.next()
        #expect(end == nil)
    }

    @Test("a step with a size that nothing has is an error, and not read", arguments: [PROVIDER_STEP_EVENTS, PROVIDER_STEP_ERROR])
    func size(step: Int) async throws {
        let plugin = FakePlugin()
        plugin.onStart = { $0.step(step, "[]", size: -1) }
        let provider = try plugin.provider()
        let error = await thrown { () throws(ProviderError) in _ = try await provider.complete(request) }
        #expect(error?.message == "the plugin does not keep to the plugin ABI: a step has the size 18446744073709551615")
    }

    @Test("what can be read before a step that cannot is handed over, and stands in the error; the call is given back")
    func goodBeforeBad() async throws {
        let plugin = FakePlugin()
        let begun = Arrival<FakeCall>()
        plugin.onStart = { call in
            call.events(#"[{"type": "block_start", "index": 0, "block_type": "text"}]"#)
            call.events(#"[{"type": "block_delta", "index": 0, "text": "Hel"}]"#)
            call.events("nonsense")
            begun.bring(call)
        }
        let source = PluginResponseSource(try plugin.instance(), request, options: [:], provider: "fake")
        let first = try await source.next()
        #expect(first?.count == 2)
        let error = await thrown { () throws(ProviderError) in _ = try await source.next() }
        #expect(error?.message.contains("an event cannot be read") == true)
        #expect(error?.provider == "fake")
        #expect(error?.partialResponse?.text == "Hel")
        #expect(try await begun.value.releases == 1)
    }

    private static let ghost = #"{"type": "block_delta", "index": 0, "text": " GHOST"}"#

    @Test(
        "what comes behind an answer's last event is dropped, in the same step or in another, and whether it can be read or not",
        arguments: [[", \(ghost)]"], ["]", "[\(ghost)]"], ["]", "nonsense"], [", \(ghost)]", "[\(ghost)]"]])
    func behindTheLastEvent(rest: [String]) async throws {
        for isRead in [true, false] {
            let plugin = FakePlugin()
            let begun = Arrival<FakeCall>()
            let steps = [#"[{"type": "finish", "reason": "stop"}"# + rest[0]] + rest.dropFirst()
            plugin.onStart = { call in
                call.events(#"[{"type": "block_start", "index": 0, "block_type": "text"}]"#)
                call.events(#"[{"type": "block_delta", "index": 0, "text": "Hello"}]"#)
                if !isRead { for step in steps { call.events(step) } }
                begun.bring(call)
            }
            let source = PluginResponseSource(try plugin.instance(), request, options: [:], provider: "fake")
            var events = try await source.next() ?? []
            let call = try await begun.value
            if isRead { for step in steps { call.events(step) } }
            call.step(Int(PROVIDER_STEP_RESPONSE), "")
            while let more = try await source.next() { events += more }
            #expect(events.count == 3)
            if case .finished = events.last {} else { Issue.record("the last event is \(String(describing: events.last))") }
        }
    }

    @Test("a call that was cancelled and does not end says whose it is and how far it had come")
    func abandoned() async throws {
        let plugin = FakePlugin()
        plugin.onStart = { call in
            call.events(#"[{"type": "block_start", "index": 0, "block_type": "text"}]"#)
            call.events(#"[{"type": "block_delta", "index": 0, "text": "Hel"}]"#)
        }
        let source = PluginResponseSource(try plugin.instance(patience: .milliseconds(1)), request, options: [:], provider: "fake")
        _ = try await source.next()
        let task = Task { () async -> ProviderError? in
            withUnsafeCurrentTask { $0?.cancel() }
            return await thrown { () throws(ProviderError) in _ = try await source.next() }
        }
        let error = await task.value
        #expect(error?.code == .cancelled)
        #expect(error?.provider == "fake")
        #expect(error?.partialResponse?.text == "Hel")
    }

    @Test("models that are no list are an error", arguments: [#"{"data": []}"#, "null", "7"])
    func models(json: String) async throws {
        let plugin = FakePlugin()
        plugin.onStart = { $0.step(Int(PROVIDER_STEP_RESPONSE), json) }
        let provider = try plugin.provider()
        let error = await thrown { () throws(ProviderError) in _ = try await provider.listModels() }
        #expect(error?.message.contains("the models cannot be read: expected an array, found ") == true)
        #expect(error?.provider == "fake")
    }

    @Test("tool calls that are no list are told, and those of the answer count")
    func toolCalls() throws {
        let plugin = FakePlugin()
        plugin.toolCalls.1 = #"{"tool_calls": []}"#
        let events = EventCollector()
        let answer = ChatResponse(content: [.toolCall(ToolCallBlock(id: "1", name: "get_weather", input: [:]))])
        let calls = try plugin.provider(context: ProviderContext(events: events)).parseToolCalls(answer)
        #expect(calls.map(\.name) == ["get_weather"])
        #expect(events.all.map(\.name) == ["provider:warning"])
    }
}
