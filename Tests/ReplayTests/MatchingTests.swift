import JSON
import ProviderKit
import Replay
import SessionLog
import TestSupport
import Testing

@Suite struct MatchingTests {
    /// A log with one call.
    /// - Parameter answered: the record with the answer.
    private func log(
        _ folder: String, _ request: ChatRequest, options: JSONObject = [:], answered: String = EventName.llmResponseRaw
    ) throws -> String {
        let path = folder + "/events.jsonl"
        let writer = try SessionLogWriter(path: path, sessionID: "s")
        let base: JSONObject = ["provider": "vllm", "model": "tiny", "request_id": "r", "lvl": "DEBUG"]
        func append(_ name: String, _ data: JSONObject) {
            var payload = base
            payload["data"] = .object(data)
            writer.append(name, payload)
        }
        writer.append(EventName.llmRequest, base)
        append(EventName.llmCallRaw, ["request": request.json, "options": .object(options)])
        let answer = ChatResponse(content: [.text(TextBlock("found"))], finishReason: "stop")
        append(answered, ["response": answer.json])
        writer.append(EventName.llmResponse, base)
        writer.close()
        return path
    }

    private func conversation(_ id: String, result: String = "sunny", text: String = "Weather?") -> [Message] {
        [
            .user(text),
            Message(
                role: .assistant, content: .blocks([.toolCall(ToolCallBlock(id: id, name: "weather", input: ["city": "Paris"]))]),
                metadata: ["vllm:response_id": .string("of \(id)")]),
            Message(role: .tool, content: .text(result), toolCallID: id),
        ]
    }

    @Test("what differs in each run does not count: ids, metadata, limits of time, streaming, how text is written down")
    func volatile() async throws {
        try await withTemporaryDirectory { folder in
            var recorded = ChatRequest(messages: conversation("call_1"))
            recorded.metadata = ["request_id": "r1", "purpose": "test"]
            recorded.timeout = 5
            let replay = try ReplayProvider(try log(folder, recorded, options: ["temperature": 0.0, "seed": 1]))
            var asked = ChatRequest(messages: conversation("chatcmpl-tool-9"))
            asked.messages[0].content = .blocks([.text(TextBlock("Weather?"))])
            asked.metadata = ["purpose": "test", "request_id": "r2", "session_id": "s2"]
            asked.conversationID = "c"
            asked.stream = false
            let options: JSONObject = ["timeout": 9, "temperature": 0, "request_id": "x", "headers": ["A": "b"]]
            #expect(try await replay.complete(asked, options: options).text == "found")
        }
    }

    @Test("an answer of which the log has the texts cut alone is not given as if it were the whole one")
    func cut() async throws {
        try await withTemporaryDirectory { folder in
            let path = try log(folder, ChatRequest(messages: [.user("Weather?")]), answered: EventName.llmResponseDebug)
            let said = try await ReplayProvider(path).says("Weather?")
            #expect(said.contains("no answer"), "\(said)")
        }
    }

    @Test(
        "how a host's loop writes a conversation down does not count: calls beside the content, too, tools without names, a choice left open"
    )
    func loops() async throws {
        try await withTemporaryDirectory { folder in
            var recorded = ChatRequest(messages: conversation("call_1"))
            let call: JSONValue = ["id": "call_1", "tool": "weather", "arguments": ["city": "Paris"]]
            recorded.messages[1].additional["tool_calls"] = [call]
            let replay = try ReplayProvider(try log(folder, recorded))
            var asked = ChatRequest(messages: conversation("call_2"))
            asked.messages[2].name = "weather"
            asked.toolChoice = "auto"
            #expect(try await replay.complete(asked, options: [:]).text == "found")
            // A call that the content does not have counts.
            asked.messages[1].additional["tool_calls"] = [["id": "call_2", "tool": "weather", "arguments": ["city": "Rome"]]]
            do throws(ProviderError) {
                _ = try await replay.complete(asked, options: [:])
                Issue.record("it was found")
            } catch {
                #expect(error.message.contains("messages[1].tool_calls"), "\(error.message)")
            }
        }
    }

    @Test(
        "what changes an answer counts, and the error says where the nearest request differs",
        arguments: [
            ("text", #"messages[0].content[0].text: asked "Snow?", recorded "Weather?""#),
            ("result", #"messages[2].content[0].text: asked "rain", recorded "sunny""#),
            ("tools", "tools: asked"), ("model", #"model: asked "other", recorded "tiny""#),
            ("temperature", "options.temperature: asked 1, recorded 0"), ("top_p", "options.top_p: asked 0.5, recorded nothing"),
        ])
    func differences(_ what: String, _ message: String) async throws {
        try await withTemporaryDirectory { folder in
            let path = try log(folder, ChatRequest(messages: conversation("call_1")), options: ["temperature": 0])
            let replay = try ReplayProvider(path)
            var asked = ChatRequest(messages: conversation("call_2"))
            var options: JSONObject = [:]
            switch what {
            case "text": asked.messages = conversation("call_2", text: "Snow?")
            case "result": asked.messages = conversation("call_2", result: "rain")
            case "tools": asked.tools = [ToolSpec(name: "weather", parameters: [:], description: "new")]
            case "model": asked.model = "other"
            case "temperature": options["temperature"] = 1
            default: options["top_p"] = 0.5
            }
            do throws(ProviderError) {
                _ = try await replay.complete(asked, options: options)
                Issue.record("it was found")
            } catch {
                #expect(error.message.contains(message), "\(error.message)")
                #expect(error.code == .invalidRequest && !error.isRetryable)
            }
            // Only texts count then.
            let loose = try ReplayProvider(path, ["match": "loose"])
            let isText = what == "text" || what == "result"
            let text = try? await loose.complete(asked, options: options).text
            #expect(text == (isText ? nil : "found"))
        }
    }

    /// A log with one prompt and a call that is answered, without its blocks.
    private func log(_ folder: String, preview: JSONObject, streamed: [(event: String, data: JSONObject)] = []) throws -> String {
        let path = folder + "/events.jsonl"
        let writer = try SessionLogWriter(path: path, sessionID: "s", filter: EventFilter(exclude: []))
        let base: JSONObject = ["provider": "vllm", "model": "m", "request_id": "1"]
        writer.append(EventName.promptSubmit, ["prompt": "Q"])
        writer.append(EventName.llmRequest, base)
        for (event, data) in streamed {
            var payload = base
            payload.merge(data)
            writer.append(event, payload)
        }
        var response = base
        response.merge(["status": "ok", "finish_reason": "stop"])
        writer.append(EventName.llmResponse, response)
        writer.append(EventName.promptComplete, preview)
        writer.close()
        return path
    }

    @Test("how an answer begins is not given as the answer", arguments: [true, false])
    func previews(isCut: Bool) async throws {
        try await withTemporaryDirectory { folder in
            let text = String(repeating: "long ", count: 40)
            let path = try log(folder, preview: ["response_preview": .string(text), "length": isCut ? 900 : 200])
            let said = await (try ReplayProvider(path)).says("Q")
            #expect(isCut ? said != text && said.contains("no") : said == text)
        }
    }

    @Test("of an answer that was begun again, what had streamed before does not count")
    func repeated() async throws {
        try await withTemporaryDirectory { folder in
            func start(_ block: Int) -> (String, JSONObject) {
                (EventName.llmStreamBlockStart, ["block_index": .integer(block), "block_type": "text"])
            }
            func delta(_ block: Int, _ text: String) -> (String, JSONObject) {
                (EventName.llmStreamBlockDelta, ["block_index": .integer(block), "block_type": "text", "text": .string(text)])
            }
            let path = try log(
                folder, preview: ["response_preview": "The", "length": 17],
                streamed: [
                    start(0), delta(0, "The "), start(1), delta(1, "answ"), (EventName.providerRetry, ["attempt": 1]),
                    start(0), delta(0, "The answer "), delta(0, "is 4."),
                ])
            #expect(await (try ReplayProvider(path)).says("Q") == "The answer is 4.")
        }
    }

    @Test("a log without raw records answers by prompt and order, its tools included")
    func answersAlone() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder + "/events.jsonl"
            let writer = try SessionLogWriter(path: path, sessionID: "s")
            func block(_ block: JSONValue) {
                writer.append(EventName.contentBlockEnd, ["block_index": 0, "total_blocks": 1, "block": block])
            }
            func call(_ id: String, _ blocks: [JSONValue]) {
                writer.append(EventName.providerRequest, ["provider": "vllm", "request_id": .string(id)])
                writer.append(EventName.llmRequest, ["provider": "vllm", "model": "m", "request_id": .string(id)])
                writer.append(
                    EventName.llmResponse, ["provider": "vllm", "status": "ok", "request_id": .string(id), "finish_reason": "stop"])
                writer.append(EventName.providerResponse, ["provider": "vllm", "request_id": .string(id)])
                for told in blocks { block(told) }
            }
            writer.append(EventName.promptSubmit, ["prompt": "Weather?"])
            call("1", [["type": "tool_call", "id": "c", "name": "weather", "arguments": ["city": "Paris"]]])
            writer.append(EventName.toolPre, ["tool_name": "weather", "tool_call_id": "c", "tool_input": ["city": "Paris"]])
            writer.append(EventName.toolPost, ["tool_name": "weather", "tool_call_id": "c", "result": "sunny"])
            call("2", [["type": "text", "text": "It is sunny."]])
            writer.append(EventName.promptComplete, ["response_preview": "It is sunny.", "length": 12])
            writer.append(EventName.promptSubmit, ["prompt": "Thanks"])
            call("3", [["type": "text", "text": "You are welcome."]])
            writer.close()
            writer.close()

            let replay = try ReplayProvider(path)
            var messages: [Message] = [.user("Weather?")]
            let first = try await replay.complete(ChatRequest(messages: messages))
            #expect(first.toolCalls?.first?.arguments == ["city": "Paris"])
            messages.append(Message(role: .assistant, content: .blocks(first.content)))
            messages.append(Message(role: .tool, content: .text("sunny"), toolCallID: "c"))
            #expect(try await replay.complete(ChatRequest(messages: messages)).text == "It is sunny.")
            #expect(await replay.says("Thanks") == "You are welcome.")
        }
    }
}
