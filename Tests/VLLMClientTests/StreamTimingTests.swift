import HTTPTransport
import JSON
import Testing

@testable import VLLMClient

@Suite("The time that a stream has for its next event")
struct StreamTimingTests {
    private let comment = ScriptedExchange.Step.bytes(Array(": keep-alive\n\n".utf8))
    private let chunk = ScriptedExchange.Step.bytes(Array(#"data: {"choices":[{"index":0,"delta":{"content":"1"}}]}\#n\#n"#.utf8))

    private func client(
        _ steps: [ScriptedExchange.Step], firstByte: Duration? = nil, idle: Duration? = nil
    ) throws -> VLLMClient {
        let transport = ScriptedTransport([ScriptedExchange(headers: ["content-type": "text/event-stream"], steps: steps)])
        var client = VLLMClient(baseURL: try BaseURL("http://h:1"), transport: transport, timeouts: HTTPTimeouts(firstByte: firstByte))
        client.streamIdleTimeout = idle
        return client
    }

    private func outcome(_ client: VLLMClient) async throws -> (count: Int, error: VLLMError?) {
        var iterator = try await client.streamChatCompletion(ChatCompletionRequest(messages: [])).makeAsyncIterator()
        var count = 0
        let error = await failure { () async throws(VLLMError) in while try await iterator.next() != nil { count += 1 } }
        return (count, error)
    }

    @Test("the first event has until the first byte's limit, whatever comments come before it")
    func first() async throws {
        let client = try client([comment, comment, .hang], firstByte: .milliseconds(50), idle: .seconds(500))
        let (count, error) = try await outcome(client)
        #expect(count == 0)
        #expect(error?.kind == .transport(TransportError(.firstByteTimeout, "http://h:1 began no answer within 50 ms")))
        #expect(error?.status == 200)
    }

    @Test("the next events have the idle limit, whatever comments come between them")
    func idle() async throws {
        let client = try client([comment, chunk, comment, chunk, comment, .hang], firstByte: .seconds(500), idle: .milliseconds(50))
        let (count, error) = try await outcome(client)
        #expect(count == 2)
        #expect(error?.kind == .transport(TransportError(.idleTimeout, "http://h:1 sent nothing for 50 ms")))
    }

    @Test("half an event is none")
    func half() async throws {
        let half = ScriptedExchange.Step.bytes(Array(#"data: {"choices":["#.utf8))
        let (count, error) = try await outcome(client([chunk, half, .hang], idle: .milliseconds(50)))
        #expect(count == 1)
        #expect(error?.kind == .transport(TransportError(.idleTimeout, "http://h:1 sent nothing for 50 ms")))
    }

    @Test("what has come is read however late the reader is")
    func late() async throws {
        let done = ScriptedExchange.Step.bytes(Array("data: [DONE]\n\n".utf8))
        let client = try client([chunk, chunk, done], firstByte: .nanoseconds(1), idle: .nanoseconds(1))
        let (count, error) = try await outcome(client)
        #expect(count == 2)
        #expect(error == nil)
    }
}
