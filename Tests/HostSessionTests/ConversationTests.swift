import HostSession
import JSON
import ProviderKit
import SessionLog
import TestSupport
import Testing

@Suite("A session's conversation")
struct ConversationTests {
    private static let unavailable = ProviderError(.unavailable, "busy")

    @Test("each prompt is asked with all that was said before, system message first")
    func grows() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([.text("Nice to meet you!"), .text("Sam.")])
            let session = try Host(root, provider).session(system: "Be brief.")
            let first = try await session.execute("My name is Sam.")
            #expect(first.response.text == "Nice to meet you!")
            _ = try await session.execute("What is my name?")
            #expect(provider.requests.map(\.messages.count) == [2, 4])
            #expect(provider.requests.last?.messages.map(\.role.rawValue) == ["system", "user", "assistant", "user"])
            #expect(
                session.messages.map(\.content.plainText) == [
                    "Be brief.", "My name is Sam.", "Nice to meet you!", "What is my name?", "Sam.",
                ])
        }
    }

    @Test("the system message can be changed in the middle, given late, and taken away; the rest stays")
    func system() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([.text("a"), .text("b"), .text("c")])
            let session = try Host(root, provider).session()
            #expect(session.system == nil)
            for (prompt, system) in [("1", "Be brief."), ("2", "Be kind."), ("3", nil)] {
                session.system = system
                _ = try await session.execute(prompt)
            }
            let first = provider.requests.map { $0.messages.first?.content.plainText }
            #expect(first == ["Be brief.", "Be kind.", "1"])
            #expect(session.messages.map(\.content.plainText) == ["1", "a", "2", "b", "3", "c"])
            session.system = "Late."
            session.forget()
            #expect(session.messages == [.system("Late.")])
        }
    }

    @Test("a prompt may have pictures, and the log has its text")
    func blocks() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([.text("A cat.")])
            let session = try Host(root, provider).session()
            let image = ContentBlock.image(ImageBlock(source: ["type": "url", "url": "http://h/cat.png"]))
            let prompt = Message(role: .user, content: .blocks([.text(TextBlock("What is it?")), image]))
            _ = try await session.execute(prompt)
            #expect(provider.requests.first?.messages == [prompt])
            #expect(try session.records.first { $0.event == "prompt:submit" }?.payload["prompt"] == "What is it?")
        }
    }

    @Test(
        "what forces a tool call holds for the first request of each prompt; what forces none holds for all",
        arguments: ["required", "f", "none"], ["request", "call options"])
    func toolChoice(choice: String, place: String) async throws {
        try await withTemporaryDirectory { root in
            let call = ScriptedProvider.Answer.calls([ToolCall(id: "c", name: "f", arguments: [:])])
            let provider = ScriptedProvider([call, .text("a"), call, .text("b")])
            let session = try Host(root, provider).session(tools: [TestTool("f") { _ in "1" }])
            let format = ResponseFormat.jsonSchema(schema: ["type": "object"], strict: true)
            var options = PromptOptions(responseFormat: format)
            if place == "request" { options.toolChoice = .string(choice) } else { options.call["tool_choice"] = .string(choice) }
            for prompt in ["1", "2"] { _ = try await session.execute(prompt, options: options) }
            // What a request says counts more than what its options say.
            let choices = zip(provider.requests, provider.options).map { ($0.toolChoice ?? $1["tool_choice"])?.string }
            #expect(choices == (choice == "none" ? ["none", "none", "none", "none"] : [choice, "auto", choice, "auto"]))
            #expect(provider.requests.allSatisfy { $0.responseFormat == format })
        }
    }

    @Test("the answer's metadata stay with the assistant's message")
    func metadata() async throws {
        try await withTemporaryDirectory { root in
            var answer = ScriptedProvider.Answer.text("4")
            answer.events[answer.events.count - 1] = .finished(ResponseFinish(reason: "stop", metadata: ["vllm:response_id": "r-1"]))
            let session = try Host(root, ScriptedProvider([answer])).session()
            _ = try await session.execute("Hi")
            #expect(session.messages.last?.metadata == ["vllm:response_id": "r-1"])
        }
    }

    @Test("a prompt that fails leaves the conversation as it was, and the next one goes on")
    func failure() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([.text("Hello!"), .broken([.text(TextBlock("Hal"))], Self.unavailable), .text("Fine.")])
            let session = try Host(root, provider).session()
            _ = try await session.execute("Hi")
            let before = session.messages
            let error = await #expect(throws: ProviderError.self) { try await session.execute("How are you?") }
            #expect(error?.code == .unavailable)
            #expect(error?.partialResponse?.text == "Hal")
            #expect(session.messages == before)
            _ = try await session.execute("Well?")
            #expect(session.messages.map(\.content.plainText) == ["Hi", "Hello!", "Well?", "Fine."])
        }
    }

    /// Runs a prompt, and cancels it when its answer has said so many blocks.
    private func cancel(_ session: HostSession, afterBlocks count: Int) async -> ProviderError? {
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            do {
                _ = try await session.execute("Hi") { event in
                    if case .answer(.blockEnded) = event { continuation.yield() }
                }
                return nil as ProviderError?
            } catch { return error as? ProviderError }
        }
        var left = count
        for await _ in ended {
            left -= 1
            if left == 0 { break }
        }
        task.cancel()
        return await task.value
    }

    @Test("a prompt that is cancelled keeps what was said, marked as interrupted", .timeLimit(.minutes(1)))
    func cancelled() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([.waiting([.thinking(ThinkingBlock("Hm.")), .text(TextBlock("Once upon"))]), .text("Sure.")])
            let session = try Host(root, provider).session()
            #expect(await cancel(session, afterBlocks: 2)?.code == .cancelled)
            #expect(session.messages.map(\.content.plainText) == ["Hi", "Once upon"])
            #expect(session.messages.last?.metadata == ["interrupted": true])
            _ = try await session.execute("Go on.")
            #expect(provider.requests.last?.messages.count == 3)
            let endings = try session.records.filter { $0.event == "prompt:complete" }.map { $0.payload["status"] }
            #expect(endings == ["cancelled", "success"])
        }
    }

    @Test("a cancelled answer that only called a tool leaves nothing behind: the call would wait for its result", .timeLimit(.minutes(1)))
    func cancelledCall() async throws {
        try await withTemporaryDirectory { root in
            let call = ToolCallBlock(id: "c", name: "f", input: [:])
            let session = try Host(root, ScriptedProvider([.waiting([.toolCall(call)])])).session()
            #expect(await cancel(session, afterBlocks: 1)?.code == .cancelled)
            #expect(session.messages.isEmpty)
        }
    }

    @Test("a prompt that is cancelled while a tool runs leaves the conversation as it was", .timeLimit(.minutes(1)))
    func cancelledTool() async throws {
        try await withTemporaryDirectory { root in
            let (started, continuation) = AsyncStream.makeStream(of: Void.self)
            let tool = TestTool("wait") { _ in
                continuation.yield()
                let (never, end) = AsyncStream.makeStream(of: Void.self)
                for await _ in never {}
                end.finish()
                return "stopped"
            }
            let provider = ScriptedProvider([.calls([ToolCall(id: "c", name: "wait", arguments: [:])])])
            let session = try Host(root, provider).session(tools: [tool])
            let task = Task { try await session.execute("Hi") }
            for await _ in started { break }
            task.cancel()
            let error = await #expect(throws: ProviderError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            #expect(session.messages.isEmpty)
            #expect(provider.requests.count == 1)
        }
    }

    @Test("what is forgotten is not asked again, the system message is", .timeLimit(.minutes(1)))
    func forget() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([.text("Hello!"), .waiting([.text(TextBlock("Once"))]), .text("Hello again!")])
            let session = try Host(root, provider).session(system: "Be brief.")
            _ = try await session.execute("Hi")
            let (said, continuation) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                try await session.execute("A story.") { event in if case .answer(.blockEnded) = event { continuation.yield() } }
            }
            for await _ in said { break }
            session.forget()
            task.cancel()
            await #expect(throws: ProviderError.self) { try await task.value }
            #expect(session.messages.map(\.content.plainText) == ["Be brief."])
            _ = try await session.execute("Hi")
            #expect(provider.requests.last?.messages.map(\.content.plainText) == ["Be brief.", "Hi"])
        }
    }

    @Test("a second prompt while one is answered is refused, and the first goes on", .timeLimit(.minutes(1)))
    func busy() async throws {
        try await withTemporaryDirectory { root in
            let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
            let (release, releasing) = AsyncStream.makeStream(of: Void.self)
            let tool = TestTool("wait") { _ in
                continuation.yield()
                for await _ in release { break }
                return "done"
            }
            let provider = ScriptedProvider([.calls([ToolCall(id: "c", name: "wait", arguments: [:])]), .text("4")])
            let session = try Host(root, provider).session(tools: [tool])
            let first = Task { try await session.execute("Hi") }
            for await _ in asked { break }
            let error = await #expect(throws: HostError.self) { try await session.execute("Hi") }
            #expect(error?.code == .notReady)
            #expect(error?.message == "the session is still answering another prompt")
            releasing.yield()
            #expect(try await first.value.response.text == "4")
            #expect(try await first.value.responses.count == 2)
        }
    }

    @Test("a closed session refuses prompts; its provider is closed once")
    func closed() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([])
            let session = try Host(root, provider).session()
            await session.close()
            await session.close()
            #expect(provider.closings == 1)
            let error = await #expect(throws: HostError.self) { try await session.execute("Hi") }
            #expect(error?.message == "the session is closed")
            #expect(provider.requests.isEmpty)
        }
    }

    @Test("a prompt's options reach the provider")
    func options() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([.text("4"), .text("4")])
            let session = try Host(root, provider).session()
            _ = try await session.execute("Hi", options: PromptOptions(model: "m", streams: false, call: ["logprobs": 3]))
            _ = try await session.execute("Hi")
            #expect(provider.requests.map(\.model) == ["m", nil])
            #expect(provider.requests.map(\.stream) == [false, nil])
            #expect(provider.options == [["logprobs": 3], [:]])
        }
    }
}
