import HTTPTransport
import JSON
import Testing

@testable import VLLMClient

@Suite("A stream")
struct StreamTests {
    private let request = ChatCompletionRequest(messages: [])
    private let one = #"{"id":"a","choices":[{"index":0,"delta":{"content":"1"}}]}"#
    private let two = #"{"id":"a","choices":[{"index":0,"delta":{"content":"2"}}]}"#

    @Test("hands out each batch whole, or one chunk after the other, or what is left of a batch")
    func batches() async throws {
        let client = try VLLMClient.streaming("\(one)\n\ndata: \(two)", "\(one)\n\ndata: \(two)", "[DONE]")
        var iterator = try await client.streamChatCompletion(request).makeAsyncIterator()
        #expect(try await iterator.nextBatch()?.compactMap { $0.choices.first?.delta.content } == ["1", "2"])
        #expect(try await iterator.next()?.choices.first?.delta.content == "1")
        #expect(try await iterator.nextBatch()?.compactMap { $0.choices.first?.delta.content } == ["2"])
        #expect(try await iterator.nextBatch() == nil)
        #expect(try await iterator.next() == nil)
        var texts: [String?] = []
        for try await chunk in try await client.streamChatCompletion(request) { texts.append(chunk.choices.first?.delta.content) }
        #expect(texts == ["1", "2", "1", "2"])
    }

    @Test("keeps events as they came only when asked to")
    func raw() async throws {
        let client = try VLLMClient.streaming(#"{"choices":[],"new":1}"#, "[DONE]")
        var plain = try await client.streamChatCompletion(request).makeAsyncIterator()
        #expect(try await plain.next()?.raw == nil)
        var keeping = try await client.streamChatCompletion(request, keepsRaw: true).makeAsyncIterator()
        #expect(try await keeping.next()?.raw == ["choices": [], "new": 1])
    }

    @Test("ends with [DONE], whatever comes behind it, and is read to its end so that the connection can be used again")
    func done() async throws {
        let transport = ScriptedTransport([ScriptedExchange(events: [one, "[DONE]", two])])
        let client = VLLMClient(baseURL: try BaseURL("http://h"), transport: transport)
        var iterator = try await client.streamChatCompletion(request).makeAsyncIterator()
        #expect(try await iterator.nextBatch()?.count == 1)
        #expect(try await iterator.nextBatch() == nil)
        #expect(transport.abandonedCount == 0)
    }

    @Test("that ends without [DONE] is an error, after its chunks")
    func endedEarly() async throws {
        var iterator = try await VLLMClient.streaming(one, two).streamChatCompletion(request).makeAsyncIterator()
        var count = 0
        let error = await failure { () async throws(VLLMError) in while try await iterator.next() != nil { count += 1 } }
        #expect(count == 2)
        #expect(error?.kind == .streamEndedEarly)
        #expect(error?.status == 200)
        #expect(error?.description == "the stream ended after 2 chunks, without [DONE]: the server or a proxy broke it off")
        #expect(try await iterator.next() == nil)
    }

    @Test("of no events is an error")
    func empty() async throws {
        var iterator = try await VLLMClient.streaming().streamChatCompletion(request).makeAsyncIterator()
        let error = await failure { () async throws(VLLMError) in _ = try await iterator.next() }
        #expect(error?.description == "the stream ended before its first chunk, without [DONE]: the server or a proxy broke it off")
    }

    @Test(
        "with something else than chunks says what and where",
        arguments: [
            ("{", .malformedResponse, "event 2 of the stream is not JSON: "),
            (
                #"{"choices":7}"#, .malformedResponse,
                #"event 2 of the stream is not a chunk: choices: expected an array, found a number: {"choices":7}"#
            ),
            (
                #"{"choices":[{"delta":{"content":["x"]}}]}"#, .malformedResponse,
                #"event 2 of the stream is not a chunk: choices[0].delta.content[0]: expected an object, found a string: {"choices":[{"delta":{"content":["x"]}}]}"#
            ),
            (
                #"{"choices":[{"index":"0"}]}"#, .malformedResponse,
                #"event 2 of the stream is not a chunk: choices[0].index: expected an integer, found a string: {"choices":[{"index":"0"}]}"#
            ), ("[1]", .malformedResponse, "event 2 of the stream is not a chunk: choices: missing: [1]"),
            (#"{"error":"no"}"#, .errorInBody, "no"), (#"{"error":{"message":"m","code":400}}"#, .errorInBody, "m"),
            (#"{"object":"error","message":"flat","code":400}"#, .errorInBody, "flat"),
        ] as [(String, VLLMError.Kind, String)])
    func malformed(event: String, kind: VLLMError.Kind, message: String) async throws {
        var iterator = try await VLLMClient.streaming(one, event, two, "[DONE]").streamChatCompletion(request).makeAsyncIterator()
        var count = 0
        let error = try #require(await failure { () async throws(VLLMError) in while try await iterator.next() != nil { count += 1 } })
        #expect(count == 1)
        #expect(error.kind == kind)
        #expect(error.message.hasPrefix(message), "\(error.message)")
        #expect(error.body == event)
        #expect(try await iterator.next() == nil)
    }

    @Test(
        "that is none says what came instead",
        arguments: [
            ("application/json", #"{"error":{"message":"m"}}"#, .errorInBody, "m"),
            (
                "application/json", #"{"id":"x"}"#, .malformedResponse,
                #"the answer is not an event stream but application/json: {"id":"x"}"#
            ),
            (
                "text/html", "<html><title>Hi</title>", .malformedResponse,
                "the answer is not an event stream but a page of HTML (Hi): is the base URL right?"
            ),
        ] as [(String, String, VLLMError.Kind, String)])
    func notAStream(type: String, body: String, kind: VLLMError.Kind, message: String) async throws {
        let client = try VLLMClient.answered(type: type, text: body)
        let error = await failure { () async throws(VLLMError) in
            _ = try await client.streamCompletion(CompletionRequest(prompt: .text("")))
        }
        #expect(error?.kind == kind)
        #expect(error?.message == message)
    }

    @Test("without a content type is read all the same")
    func noContentType() async throws {
        let client = try VLLMClient.answered(by: ScriptedExchange(body: "data: \(one)\n\ndata: [DONE]\n\n"))
        var iterator = try await client.streamChatCompletion(request).makeAsyncIterator()
        #expect(try await iterator.next() != nil)
        #expect(try await iterator.next() == nil)
    }

    @Test("can be read once")
    func secondReader() async throws {
        let stream = try await VLLMClient.streaming(one, "[DONE]").streamChatCompletion(request)
        var first = stream.makeAsyncIterator()
        var second = stream.makeAsyncIterator()
        let error = await failure { () async throws(VLLMError) in _ = try await second.next() }
        #expect(error?.kind == .invalidRequest)
        #expect(try await first.next() != nil)
    }

    @Test("that is dropped lets go of its connection")
    func dropped() async throws {
        let transport = ScriptedTransport([ScriptedExchange(events: [one, two], then: .hang)])
        let client = VLLMClient(baseURL: try BaseURL("http://h"), transport: transport)
        try await readOne(client)
        #expect(transport.abandonedCount == 1)
    }

    @Test("whose task is cancelled throws at once and lets go of its connection")
    func cancelled() async throws {
        let transport = ScriptedTransport([ScriptedExchange(events: [one], then: .hang)])
        let client = VLLMClient(baseURL: try BaseURL("http://h"), transport: transport)
        let (hasBegun, begin) = AsyncStream.makeStream(of: Void.self)
        let reader = Task { () async -> VLLMError? in
            await failure { () async throws(VLLMError) in
                for try await _ in try await client.streamChatCompletion(request) { begin.yield() }
            }
        }
        for await _ in hasBegun { break }
        reader.cancel()
        let error = await reader.value
        #expect(error?.isCancellation == true)
        #expect(transport.abandonedCount == 1)
    }

    @Test("whose server does not end it behind [DONE] ends all the same")
    func doneAndHanging() async throws {
        let transport = ScriptedTransport([ScriptedExchange(events: [one, "[DONE]"], then: .hang)])
        let client = VLLMClient(baseURL: try BaseURL("http://h"), transport: transport)
        var count = 0
        for try await _ in try await client.streamChatCompletion(request) { count += 1 }
        #expect(count == 1)
        #expect(transport.abandonedCount == 1)
    }

    @Test("with an event beyond the limit is an error")
    func tooLarge() async throws {
        var client = try VLLMClient.streaming(one, String(repeating: "x", count: 200), "[DONE]")
        client.limits.event = 100
        var iterator = try await client.streamChatCompletion(request).makeAsyncIterator()
        #expect(try await iterator.next() != nil)
        let error = await failure { () async throws(VLLMError) in _ = try await iterator.next() }
        #expect(error?.kind == .transport(TransportError(.eventTooLarge, "an event of the stream is larger than 100 bytes")))
        #expect(error?.status == 200)
    }

    @Test("beyond the limit in all is an error behind what came before, and is read no further")
    func streamTooLarge() async throws {
        let comments = Array(repeating: ScriptedExchange.Step.bytes(Array(": keep-alive\n\n".utf8)), count: 1000)
        let transport = ScriptedTransport([
            ScriptedExchange(headers: ["content-type": "text/event-stream"], steps: [.bytes(Array("data: \(one)\n\n".utf8))] + comments)
        ])
        var client = VLLMClient(baseURL: try BaseURL("http://h"), transport: transport)
        client.limits.stream = 1000
        var iterator = try await client.streamChatCompletion(request).makeAsyncIterator()
        #expect(try await iterator.next() != nil)
        let error = await failure { () async throws(VLLMError) in _ = try await iterator.next() }
        #expect(error?.kind == .transport(TransportError(.streamTooLarge, "the stream is larger than 1000 bytes")))
        #expect(transport.abandonedCount == 0)
        iterator = try await VLLMClient.streaming().streamChatCompletion(request).makeAsyncIterator()
        #expect(transport.abandonedCount == 1)
    }

    @Test("that is compressed is an error which says so", arguments: ["gzip", "br", "deflate, gzip"])
    func compressed(coding: String) async throws {
        let client = try VLLMClient.answered(
            by: ScriptedExchange(headers: ["content-type": "text/event-stream", "content-encoding": coding], body: "\u{1f}\u{8b}"))
        let error = await failure { () async throws(VLLMError) in _ = try await client.streamChatCompletion(request) }
        #expect(error?.kind == .malformedResponse)
        #expect(error?.message.hasPrefix("it is compressed (content-encoding: \(coding)), which was not asked for") == true)
    }

    private func readOne(_ client: VLLMClient) async throws {
        for try await _ in try await client.streamChatCompletion(request) { break }
    }
}
