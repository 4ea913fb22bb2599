import CProviderPlugin
import JSON
import ProviderKit
import Testing

@testable import PluginLoading

@Suite("Answers of plugins", .timeLimit(.minutes(1)))
struct PluginAnswerTests {
    private let request = ChatRequest(messages: [.user("Hi")])

    @Test("an answer comes whole, whether it is read while it comes or is there before `start` has returned", arguments: [true, false])
    func answer(isImmediate: Bool) async throws {
        let plugin = FakePlugin()
        let begun = Arrival<FakeCall>()
        plugin.onStart = { call in
            if isImmediate { call.answer("Hello") }
            begun.bring(call)
        }
        let stream = try plugin.provider().stream(request)
        async let gathered = stream.gather()
        let call = try await begun.value
        if !isImmediate { call.answer("Hello") }
        let response = try await gathered
        #expect(response.text == "Hello")
        #expect(response.finishReason == "stop")
        #expect(call.wants == UInt32(PROVIDER_WANT_EVENTS))
        #expect(call.resumes == 0)
        #expect(call.cancels == 0)
    }

    @Test("of a request only what is set goes over, also a stream that is not wanted; options only where there are some")
    func request() async throws {
        let plugin = FakePlugin()
        let calls = Arrival<FakeCall>()
        plugin.onStart = { call in
            call.answer("a")
            calls.bring(call)
        }
        let provider = try plugin.provider()
        _ = try await provider.complete(request)
        let plain = try await calls.value
        #expect(plain.request == ["messages": [["role": "user", "content": "Hi"]]])
        #expect(plain.options == nil)
        var streamless = request
        streamless.stream = false
        _ = try await provider.complete(streamless, options: ["temperature": 0.5])
        let told = try await calls.value
        #expect(told.request["stream"] == false)
        #expect(told.options == ["temperature": 0.5])
    }

    @Test("nothing is sent before the answer is read, and a stream that nobody reads begins no call")
    func unread() throws {
        let plugin = FakePlugin()
        plugin.onStart = { _ in Issue.record("a call began") }
        let provider = try plugin.provider()
        _ = provider.stream(request)
        _ = provider.stream(request).makeAsyncIterator()
    }

    @Test("a reader who is slow pauses the plugin, and goes on with it by reading, once for each pause")
    func backPressure() async throws {
        let plugin = FakePlugin()
        let begun = Arrival<FakeCall>()
        plugin.onStart = { call in
            call.events(#"[{"type": "block_start", "index": 0, "block_type": "text"}]"#)
            begun.bring(call)
        }
        var iterator = try plugin.provider().stream(request).makeAsyncIterator()
        _ = try await iterator.nextBatch()
        let call = try await begun.value
        let piece = String(repeating: "x", count: 1000)
        let delta = #"[{"type": "block_delta", "index": 0, "text": "\#(piece)"}]"#
        for round in 1...3 {
            var count = 1
            while call.events(delta) == ProviderFlow(PROVIDER_CONTINUE) { count += 1 }
            #expect(count * 1000 <= PluginMailbox.limit)
            #expect(call.resumes == round - 1)
            let read = try await iterator.nextBatch()
            #expect(read?.count == count)
            #expect(call.resumes == round)
        }
    }

    @Test("dropping the stream gives the call back, once, which ends it; its last step is still taken")
    func dropped() async throws {
        let plugin = FakePlugin()
        let begun = Arrival<FakeCall>()
        plugin.onStart = { call in
            call.events(#"[{"type": "started", "model": "m"}]"#)
            begun.bring(call)
        }
        var provider: PluginProvider? = try plugin.provider()
        var iterator = provider?.stream(request).makeAsyncIterator()
        let first = try await iterator?.next()
        #expect(first != nil)
        let call = try await begun.value
        #expect(call.releases == 0)
        iterator = nil
        #expect(call.releases == 1)
        call.fail(#"{"type": "AbortError", "code": "cancelled", "message": "the call was cancelled", "retryable": false}"#)
        #expect(plugin.frees == 0)
        provider = nil
        await plugin.waitUntilFreed()
        #expect(plugin.frees == 1)
    }

    @Test("a provider that is dropped stays until the last answer that somebody reads is over")
    func droppedProvider() async throws {
        let plugin = FakePlugin()
        let begun = Arrival<FakeCall>()
        plugin.onStart = { call in
            call.events(#"[{"type": "started", "model": "m"}]"#)
            begun.bring(call)
        }
        do {
            var iterator = try plugin.provider().stream(request).makeAsyncIterator()
            _ = try await iterator.next()
            let call = try await begun.value
            #expect(plugin.frees == 0)
            call.answer("Hello")
            while try await iterator.next() != nil {}
        }
        await plugin.waitUntilFreed()
    }

    @Test("a task that is cancelled ends the call, and gets the plugin's error with what had arrived")
    func cancelled() async throws {
        let plugin = FakePlugin()
        let begun = Arrival<Void>()
        plugin.onStart = { call in
            call.events(#"[{"type": "block_start", "index": 0, "block_type": "text"}]"#)
            begun.bring(())
        }
        plugin.onCancel = { call in
            // What comes behind the cancellation is not wanted.
            call.events(#"[{"type": "block_delta", "index": 0, "text": "late"}]"#)
            call.fail(
                #"{"type": "AbortError", "code": "cancelled", "message": "stopped", "retryable": false, "#
                    + #""partial_response": {"content": [{"type": "text", "text": "Hel"}]}}"#)
        }
        let stream = try plugin.provider().stream(request)
        let task = Task { () async -> ProviderError? in await thrown { () throws(ProviderError) in _ = try await stream.gather() } }
        try await begun.value
        task.cancel()
        let error = await task.value
        #expect(error?.code == .cancelled)
        #expect(error?.message == "stopped")
        #expect(error?.partialResponse?.text == "Hel")
    }

    @Test("a call that is paused and then cancelled is resumed, so that its end can come")
    func cancelledInPause() async throws {
        let plugin = FakePlugin()
        let begun = Arrival<FakeCall>()
        plugin.onStart = { call in
            while call.events(#"[{"type": "block_delta", "index": 0, "text": "Hello, hello."}]"#) == ProviderFlow(PROVIDER_CONTINUE) {}
            begun.bring(call)
        }
        plugin.onCancel = { call in
            // It ends when it goes on.
            #expect(call.resumes == 0)
        }
        plugin.onResume = { $0.fail(#"{"type": "AbortError", "code": "cancelled", "message": "stopped", "retryable": false}"#) }
        let source = PluginResponseSource(try plugin.instance(), request, options: [:], provider: "fake")
        let task = Task { () async -> ProviderError? in
            withUnsafeCurrentTask { $0?.cancel() }
            return await thrown { () throws(ProviderError) in _ = try await source.next() }
        }
        let error = await task.value
        #expect(error?.message == "stopped")
        let call = try await begun.value
        #expect(call.cancels == 1)
        #expect(call.resumes == 1)
    }

    @Test("a plugin that does not end a call that was cancelled is not waited for")
    func stubborn() async throws {
        let plugin = FakePlugin()
        let begun = Arrival<FakeCall>()
        plugin.onStart = { begun.bring($0) }
        let stream = try plugin.provider(patience: .milliseconds(1)).stream(request)
        let task = Task { () async -> ProviderError? in await thrown { () throws(ProviderError) in _ = try await stream.gather() } }
        let call = try await begun.value
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        #expect(call.cancels == 1)
        // Late, it harms nobody.
        call.answer("Hello")
    }

    @Test("two tasks cannot read one answer, and the one that came first goes on")
    func twoReaders() async throws {
        let plugin = FakePlugin()
        let begun = Arrival<FakeCall>()
        plugin.onStart = { begun.bring($0) }
        let stream = try plugin.provider().stream(request)
        async let response = stream.gather()
        let call = try await begun.value
        let error = await thrown { () throws(ProviderError) in _ = try await stream.gather() }
        #expect(error?.message == "an answer is read by two tasks at once")
        call.answer("Hello")
        #expect(try await response.text == "Hello")
    }
}
