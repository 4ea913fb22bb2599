import HTTPTransport
import JSON
import Testing
import VLLMClient
import VLLMSimulator

/// The client over real sockets, against the simulated server.
@Suite("Against a server, the client")
struct SimulatorTests {
    private let question = ChatCompletionRequest(model: "tiny-chat", messages: [["role": "user", "content": "What is 2+2?"]])

    private func withServer(_ options: VLLMSimulator.Options = .init(), _ body: (VLLMClient, VLLMSimulator) async throws -> Void)
        async throws
    {
        let server = try VLLMSimulator(options: options)
        defer { server.stop() }
        let transport = CurlTransport()
        defer { transport.close() }
        try await body(VLLMClient(baseURL: try BaseURL(server.baseURL), transport: transport, apiKey: options.apiKey), server)
    }

    @Test("lists models and tells health and version")
    func small() async throws {
        try await withServer { client, _ in
            #expect(try await client.models().models.map(\.id) == ["tiny-chat"])
            #expect(try await client.version() == "0.32.0")
            try await client.health()
        }
    }

    @Test("chats, streamed and not")
    func chat() async throws {
        try await withServer { client, _ in
            let answer = try await client.chatCompletion(question)
            #expect(answer.choices.first?.message.content == "\n\n4")
            #expect(answer.choices.first?.message.reasoning == "\n2+2 is 4.\n")
            #expect(answer.choices.first?.finishReason == "stop")
            var (content, reasoning, finishReason) = ("", "", String?.none)
            for try await chunk in try await client.streamChatCompletion(question) {
                content += chunk.choices.first?.delta.content ?? ""
                reasoning += chunk.choices.first?.delta.reasoning ?? ""
                finishReason = chunk.choices.first?.finishReason ?? finishReason
            }
            #expect((content, reasoning) == ("\n\n4", "\n2+2 is 4.\n"))
            #expect(finishReason == "stop")
        }
    }

    @Test("completes a conversation that the server has rendered to tokens, streamed and not")
    func completion() async throws {
        try await withServer { client, _ in
            var template = ChatTemplateOptions()
            template.addGenerationPrompt = true
            let rendered = try await client.tokenize(TokenizeRequest(model: "tiny-chat", .messages(question.messages, template: template)))
            var request = CompletionRequest(model: "tiny-chat", prompt: .tokens(rendered.tokens))
            request.sampling.maxTokens = 100
            request.logprobs = 1
            let text = try await client.completion(request).choices.first?.text
            #expect(text == "<think>\n2+2 is 4.\n</think>\n\n4")
            var streamed = ""
            for try await chunk in try await client.streamCompletion(request) {
                streamed += chunk.choices.first?.text ?? ""
                #expect(chunk.choices.first?.logprobs?.tokens.isEmpty != true)
            }
            #expect(streamed == text)
        }
    }

    @Test("cuts text into tokens and puts it together again")
    func tokens() async throws {
        try await withServer { client, _ in
            let tokenization = try await client.tokenize(TokenizeRequest(.prompt("Hello, 世界!")))
            #expect(tokenization.tokens == [454, 18, 227, 1072, 7])
            #expect(try await client.detokenize(tokenization.tokens) == "Hello, 世界!")
        }
    }

    @Test("says what is wrong with a request")
    func errors() async throws {
        try await withServer(.init(apiKey: "sk-simulated")) { client, server in
            let unknown = await failure { () async throws(VLLMError) in
                _ = try await client.streamChatCompletion(ChatCompletionRequest(model: "nope", messages: question.messages))
            }
            #expect(unknown?.status == 404)
            #expect(unknown?.type == "NotFoundError")
            let keyless = VLLMClient(baseURL: try BaseURL(server.baseURL), transport: CurlTransport())
            let unauthorized = await failure { () async throws(VLLMError) in _ = try await keyless.models() }
            #expect(unauthorized?.status == 401)
            #expect(unauthorized?.message == "Unauthorized")
        }
    }

    @Test("closes the connection when its task is cancelled, and the server stops")
    func cancellation() async throws {
        let (events, report) = AsyncStream.makeStream(of: Bool.self)
        var options = VLLMSimulator.Options()
        options.observe = { event in if case .finished(_, let isComplete) = event { report.yield(isComplete) } }
        // An answer without an end, so that it cannot be over before it is cancelled.
        options.respond = { _ in .events([#"{"id":"c","choices":[{"index":0,"delta":{"content":"Once"}}]}"#], ending: [.hang]) }
        try await withServer(options) { client, _ in
            let (hasBegun, begin) = AsyncStream.makeStream(of: Void.self)
            let reader = Task { () async -> VLLMError? in
                await failure { () async throws(VLLMError) in
                    for try await _ in try await client.streamChatCompletion(question) { begin.yield() }
                }
            }
            for await _ in hasBegun { break }
            reader.cancel()
            #expect(await reader.value?.isCancellation == true)
            for await isComplete in events {
                #expect(!isComplete)
                break
            }
        }
    }
}
