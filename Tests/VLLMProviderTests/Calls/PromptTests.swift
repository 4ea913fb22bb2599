import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("The prompt of a completion", .timeLimit(.minutes(2)))
struct PromptTests {
    private static let tool = ToolSpec(name: "f", parameters: ["type": "object"], description: nil)

    private static let conversation: [Message] = [
        .system("Be brief."), .user("What is the weather?"),
        Message(
            role: .assistant,
            content: .blocks([
                .thinking(ThinkingBlock("I need a tool.")), .text(TextBlock("Let me see.")),
                .toolCall(ToolCallBlock(id: "c1", name: "f", input: ["city": "Rome"])),
            ])),
        Message(role: .tool, content: .text("22"), name: "f", toolCallID: "c1"),
    ]

    private static let plain = """
        [SYSTEM]
        Be brief.

        [USER]
        What is the weather?

        [ASSISTANT]
        Let me see.
        <tool_call>
        {"name":"f","arguments":{"city":"Rome"}}
        </tool_call>

        [TOOL]
        22

        [ASSISTANT]

        """

    @Test("the plain format is a line of the role and the text for each message, and asks the server for no rendering")
    func plainFormat() async throws {
        let transport = ScriptedTransport([.completion(["It is 22."])])
        let provider = try VLLMProvider(["prompt_format": "plain"], transport: transport)
        let response = try await provider.complete(ChatRequest(messages: Self.conversation))
        #expect(response.text == "It is 22.")
        #expect(
            response.degradation?.json == [
                "requested": "thinking of messages[2]", "actual": "left out",
                "reason": "a prompt in the format plain has no place for it",
            ])
        #expect(transport.requests.map(\.path) == ["/v1/completions"])
        #expect(try transport.bodies("/v1/completions").first?["prompt"]?.string == Self.plain)
    }

    @Test("a plain prompt has no place for names, and the answer says so")
    func plainWithName() async throws {
        let provider = try VLLMProvider(["prompt_format": "plain"], transport: ScriptedTransport([.completion(["Hm."])]))
        let message = Message(role: .user, content: .text("Hi"), name: "ada")
        let response = try await provider.complete(ChatRequest(messages: [.user("Hi"), message]))
        #expect(response.degradation?.requested == "name of messages[1]")
    }

    @Test("the server makes the prompt of a chat: a call that asks for a plain one is told, and a configured format is for completions")
    func plainChat() async throws {
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in .chat([["content": "4"]]) })
        let provider = try VLLMProvider(["use_completions": false, "prompt_format": "plain"], transport: transport)
        #expect(try await provider.ask("Hi").degradation == nil)
        let degradation = try await provider.ask("Hi", options: ["prompt_format": "plain"]).degradation
        #expect(degradation?.requested == "prompt_format: plain")
        #expect(degradation?.actual == "prompt_format: template")
    }

    @Test("a plain prompt tells the model of no tools, and the answer says so")
    func plainWithTools() async throws {
        let provider = try VLLMProvider(["prompt_format": "plain"], transport: ScriptedTransport([.completion(["Hm."])]))
        let response = try await provider.complete(ChatRequest(messages: [.user("Hi")], tools: [Self.tool]))
        #expect(
            response.degradation?.json == [
                "requested": "1 tools", "actual": "no tools", "reason": "a prompt in the format plain tells the model of no tools",
            ])
    }

    @Test(
        "a server that cannot render gets the plain prompt, and the answer says so",
        arguments: [
            (404, #"{"detail":"Not Found"}"#), (405, #"{"detail":"Method Not Allowed"}"#), (501, "Unsupported method ('POST')"),
            (
                400,
                #"{"error":{"message":"As of transformers v4.44, default chat template is no longer allowed, so you must provide a chat template","code":400}}"#
            ),
            (
                400,
                #"{"error":{"message":"Cannot use chat template functions because tokenizer.chat_template is not set and no template argument was passed!","code":400}}"#
            ),
        ])
    func fallback(status: Int, body: String) async throws {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            request.path == "/tokenize" ? ScriptedExchange(status: status, body: body) : .completion(["It is 22."])
        })
        let response = try await VLLMProvider(transport: transport).complete(ChatRequest(messages: Self.conversation))
        #expect(response.text == "It is 22.")
        #expect(try transport.bodies("/v1/completions").first?["prompt"]?.string == Self.plain)
        #expect(response.degradation?.requested == "prompt_format: template")
        #expect(response.degradation?.actual == "prompt_format: plain")
        #expect(response.degradation?.reason.hasPrefix("the server cannot render messages: ") == true)
    }

    @Test(
        "a server that fails to render for another reason fails the call",
        arguments: [
            (404, #"{"error":{"message":"The model `m` does not exist.","param":"model","code":404}}"#, ProviderError.Code.notFound),
            (401, #"{"error":"Unauthorized"}"#, .authentication), (500, "oops", .unavailable),
            (400, #"{"error":{"message":"messages: field required","code":400}}"#, .invalidRequest),
            (
                400,
                #"{"error":{"message":"Cannot apply chat template to an empty conversation. Provide at least one message.","code":400}}"#,
                .invalidRequest
            ),
        ])
    func noFallback(status: Int, body: String, code: ProviderError.Code) async throws {
        let transport = ScriptedTransport([ScriptedExchange(status: status, body: body)])
        let error = await (try VLLMProvider(transport: transport)).failure()
        #expect(error?.code == code)
        #expect(transport.requests.count == 1)
    }

    @Test(
        "a chat template that the server does not take is an error over completions as it is over chat, and no other prompt is answered",
        arguments: CallMode.all,
        [["chat_template": "{{ messages }}"], ["chat_template_kwargs": ["chat_template": "{{ messages }}"]]] as [JSONObject])
    func untrustedTemplate(mode: CallMode, options: JSONObject) async throws {
        let simulator = try VLLMSimulator()
        defer { simulator.stop() }
        let error = try #require(await VLLMProvider(mode.settings, of: simulator).failure(options: options))
        #expect(error.code == .invalidRequest)
        #expect(
            error.message.contains(
                "Chat template is passed with request, but --trust-request-chat-template is not set. "
                    + "Refused request with untrusted chat template."))
        #expect(simulator.requests.filter { $0.path == "/v1/completions" }.isEmpty)
    }

    @Test("with a chat template of its own, a call does not fall back to the plain prompt")
    func ownTemplate() async throws {
        let transport = ScriptedTransport([.json(["detail": "Not Found"], status: 404)])
        #expect(await (try VLLMProvider(transport: transport)).failure(options: ["chat_template": "x"])?.status == 404)
    }

    @Test(
        "a prompt that ends with <think> lets the answer begin with thoughts",
        arguments: [
            ("assistant\n<think>\n", true), ("<|Assistant|><think>", true), ("assistant\n", false),
            ("<think>\n\n</think>\n\n", false), ("", false),
        ])
    func promptEndsInThinking(ending: String, thinks: Bool) async throws {
        let transport = ScriptedTransport.completions(.completion(["2+2 is 4.\n</think>\n\n4"]), promptEnding: ending)
        let response = try await VLLMProvider(transport: transport).ask("What is 2+2?")
        #expect(response.thinking == (thinks ? "2+2 is 4." : ""))
        #expect(response.text == (thinks ? "4" : "2+2 is 4.\n</think>\n\n4"))
    }

    @Test("how prompts end is asked once for each model and ending")
    func endingsAreKept() async throws {
        let transport = ScriptedTransport.completions(.completion(["4"]))
        let provider = try VLLMProvider(transport: transport)
        for _ in 0..<3 { _ = try await provider.ask("What is 2+2?") }
        #expect(try transport.bodies("/detokenize") == [["model": "m", "tokens": [1, 2, 3]]])
        _ = try await provider.ask("What is 2+2?", options: ["model": "other"])
        #expect(try transport.bodies("/detokenize").count == 2)
    }

    @Test("a server without /detokenize answers all the same")
    func noDetokenize() async throws {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            switch request.path {
            case "/tokenize": .json(["tokens": [1], "count": 1])
            case "/detokenize": ScriptedExchange(status: 404, body: #"{"detail":"Not Found"}"#)
            default: .completion(["<think>a</think>b"])
            }
        })
        let response = try await VLLMProvider(transport: transport).ask("Hi")
        #expect(response.thinking == "a")
        #expect(response.text == "b")
    }

    @Test("what a completion cannot do is asked of chat, and the answer says so")
    func chatInstead() async throws {
        func degradation(_ change: (inout ChatRequest) -> Void) async throws -> (Degradation?, [String]) {
            let transport = ScriptedTransport(answering: { _ throws(TransportError) in .chat([["content": "{}"]]) })
            var request = ChatRequest(messages: [.user("Hi")], tools: [Self.tool])
            change(&request)
            let response = try await VLLMProvider(transport: transport).complete(request)
            return (response.degradation, transport.requests.map(\.path))
        }
        let image = ContentBlock.image(ImageBlock(source: ["type": "base64", "media_type": "image/png", "data": "AAAA"]))
        let cases: [((inout ChatRequest) -> Void, String)] = [
            ({ $0.responseFormat = .json }, "a completion's answer is not held to a shape while the model reasons"),
            ({ $0.toolChoice = "required" }, "a completion cannot be made to call a tool"),
            ({ $0.toolChoice = "f" }, "a completion cannot be made to call a tool"),
            ({ $0.messages = [Message(role: .user, content: .blocks([image]))] }, "a completion's prompt holds text alone"),
        ]
        for (change, reason) in cases {
            let (degradation, paths) = try await degradation(change)
            #expect(
                degradation?.json == ["requested": "use_completions: true", "actual": "use_completions: false", "reason": .string(reason)])
            #expect(paths == ["/v1/chat/completions"])
        }
    }

    @Test("with tool_choice none, the markup of a call is text, as it is in chat")
    func toolChoiceNone() async throws {
        let markup = "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>"
        var request = ChatRequest(messages: [.user("Hi")], tools: [Self.tool])
        request.toolChoice = "none"
        let provider = try VLLMProvider(transport: ScriptedTransport.completions(.completion([markup])))
        let response = try await provider.complete(request)
        #expect(response.text == markup)
        #expect(response.toolCalls == nil)
        #expect(response.finishReason == "stop")
    }
}
