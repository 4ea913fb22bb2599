import CProviderPlugin
import JSON
import ProviderKit
import Testing

@Suite("An answer through the table", .timeLimit(.minutes(2)))
struct AnsweringTests {
    private static func events(_ log: StepLog) throws -> [ProviderEvent] {
        try log.events.flatMap { text in
            try Array(text.utf8).withUnsafeBufferPointer { try ProviderEvent.batch(parsing: $0) }
        }
    }

    @Test("comes as its steps, one callback a batch, and ends with nothing where only they were asked for")
    func events() async throws {
        let instance = Plugin.fake.instance()
        let log = StepLog()
        #expect(instance.start("Hel\"lo é🙂", log, options: ["k": 1]) == Plugin.Reply(status: .ok, text: ""))
        #expect(await log.last() == StepLog.Step(kind: .response, text: ""))
        #expect(log.events.count == 4)
        #expect(
            try Self.events(log) == [
                .started(ResponseStart(id: "r", model: "m")), .blockStarted(BlockStart(index: 0, kind: .text)),
                .blockDelta(index: 0, text: "Hel\"lo "), .blockDelta(index: 0, text: "é🙂 "),
                .blockEnded(index: 0, block: .text(TextBlock("Hel\"lo é🙂 "))), .usage(Usage(inputTokens: 1, outputTokens: 2)),
                .finished(ResponseFinish(reason: "stop", metadata: ["k": 1])),
            ])
        #expect(instance.release(log) == .ok)
        await instance.free()
        #expect(log.mistakes.isEmpty)
    }

    @Test("comes whole where that was asked for, with its steps or without, or not at all", arguments: [0, 1, 2, 3])
    func wants(wants: Int) async throws {
        let instance = Plugin.fake.instance()
        let log = StepLog()
        instance.start("a b", log, wants: wants)
        let last = await log.last()
        #expect(last.kind == .response)
        #expect(log.events.count == (wants & PROVIDER_WANT_EVENTS == 0 ? 0 : 4))
        if wants & PROVIDER_WANT_RESPONSE == 0 {
            #expect(last.text.isEmpty)
        } else {
            let response = try ChatResponse(json: JSONValue(parsing: last.text))
            #expect(response.text == "a b ")
            #expect(response.finishReason == "stop")
            #expect(response.usage == Usage(inputTokens: 1, outputTokens: 2))
        }
        await instance.free()
    }

    @Test("that fails ends with the error, behind what had arrived")
    func failure() async {
        let instance = Plugin.fake.instance()
        let log = StepLog()
        instance.start("half fail", log, wants: PROVIDER_WANT_EVENTS + PROVIDER_WANT_RESPONSE)
        let last = await log.last()
        #expect(last.kind == .error)
        let error = try? JSONValue(parsing: last.text)
        #expect(error?["type"] == "RateLimitError")
        #expect(error?["code"] == "rate_limit")
        #expect(error?["status_code"] == 429)
        #expect(error?["retryable"] == true)
        #expect(error?["retry_after"] == 2.5)
        #expect(error?["hint"] == "wait")
        #expect(error?["partial_response"]?["content"]?[0]?["text"] == "half ")
        #expect(log.events.count == 2)
        await instance.free()
    }

    @Test(
        "is not begun where the request is not one",
        arguments: [
            ("", nil, 1, "`request`: it is not JSON: "), ("{\"messages\":[]", nil, 1, "`request`: it is not JSON: "),
            ("{\"messages\":3}", nil, 1, "`request`: messages: expected an array, found number"),
            ("{\"messages\":[{\"role\":\"user\"}]}", nil, 1, "`request`: messages[0].content: is required"),
            ("{\"messages\":[]}", "[", 1, "`options`: it is not JSON: "),
            ("{\"messages\":[]}", "[]", 1, "`options`: expected an object, found array"),
            ("{\"messages\":[]}", nil, 4, "`wants` is 4: "),
        ] as [(String, String?, UInt32, String)])
    func wrongRequest(request: String, options: String?, wants: UInt32, message: String) async {
        let instance = Plugin.fake.instance()
        let log = StepLog()
        log.place.pointee = OpaquePointer(bitPattern: 1)
        let reply = instance.start(json: request, log, wants: wants, options: options)
        #expect(reply.status == (wants == 1 ? .invalidJSON : .invalidArgument))
        #expect(reply.json["message"]?.string?.hasPrefix(message) == true)
        #expect(log.place.pointee == nil)
        await instance.free()
        #expect(log.steps.isEmpty)
    }

    @Test("is not begun where the text is not UTF-8, or nested without end")
    func wrongBytes() async {
        let instance = Plugin.fake.instance()
        let broken = Array("{\"messages\":[{\"role\":\"user\",\"content\":\"".utf8) + [0xFF, 0xFE] + Array("\"}]}".utf8)
        #expect(instance.start(bytes: broken, StepLog()).status == .invalidJSON)
        #expect(instance.start(bytes: [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20), StepLog()).status == .invalidJSON)
        #expect(instance.start(bytes: Array("{\"messages\":[]}".utf8), StepLog(), options: [0xC3]).status == .invalidJSON)
        await instance.free()
    }

    @Test("names the tool calls of a response, or says what is wrong with it")
    func toolCalls() async {
        let instance = Plugin.fake.instance()
        let call: JSONValue = ["type": "tool_call", "id": "c", "name": "f", "input": ["a": 1]]
        let reply = instance.parseToolCalls(["content": [["type": "text", "text": "x"], call]])
        #expect(reply == Plugin.Reply(status: .ok, text: #"[{"id":"c","name":"f","arguments":{"a":1}}]"#))
        let wrong = instance.parseToolCalls(["content": 1])
        #expect(wrong.status == .invalidJSON)
        #expect(wrong.json["message"] == "`response`: content: expected an array, found number")
        await instance.free()
    }

    @Test("is none: the models are listed, or the error is told, and getting ready ends with nothing")
    func others() async {
        let instance = Plugin.fake.instance(["environment": [:]])
        let lonely = Plugin.fake.instance(["environment": ["NO_MODELS": "1"]])
        let (models, failure, ready) = (StepLog(), StepLog(), StepLog())
        #expect(instance.listModels(models) == .ok)
        #expect(lonely.listModels(failure) == .ok)
        #expect(instance.prepare(ready) == .ok)
        #expect(await models.last().kind == .response)
        let list = try? JSONValue(parsing: await models.last().text)
        #expect(list?[0]?["context_window"] == 10)
        #expect(await failure.last().kind == .error)
        #expect(await failure.last().text.contains("NetworkError"))
        #expect(await ready.last() == StepLog.Step(kind: .response, text: ""))
        await instance.free()
        await lonely.free()
    }
}
