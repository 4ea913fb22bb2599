import JSON
import TestSupport
import Testing
import VLLMClient

extension RealServer {
    @Suite("The client's short calls")
    struct ClientCallTests {
        @Test("models lists the tiny model with its context window")
        func models() async throws {
            let list = try await RealServer.client.models()
            let model = try #require(list.models.first { $0.id == "tiny-chat" })
            #expect(model.maxModelLength == 2048)
            #expect(model.ownedBy == "vllm")
            #expect(model.parent == nil)
            #expect((model.created ?? 0) > 1_700_000_000)
            #expect(model.root?.isEmpty == false)
            #expect(list.raw["object"] == "list")
        }

        @Test("the server is well, and of the version that the project is written for")
        func healthAndVersion() async throws {
            try await RealServer.client.health()
            let version = try await RealServer.client.version()
            #expect(version.hasPrefix("0.32."))
        }

        @Test("the base URL may end in /v1 or a slash", arguments: ["", "/", "/v1", "/v1/"])
        func baseURL(suffix: String) async throws {
            var client = try RealServer.client
            client.baseURL = try BaseURL(client.baseURL.root + suffix)
            try await client.health()
            #expect(try await client.models().models.isEmpty == false)
        }

        @Test("a text is cut into tokens and put together again, whatever its script")
        func tokenizeText() async throws {
            let client = try RealServer.client
            var request = TokenizeRequest(.prompt("Hello!"))
            request.returnTokenStrings = true
            let hello = try await client.tokenize(request)
            #expect(hello.tokens == [454, 7])
            #expect(hello.tokenStrings == ["Hello", "!"])
            #expect(hello.count == 2)
            #expect(hello.maxModelLength == 2048)
            let texts = Dialogue.all.flatMap(\.turns).compactMap { turn in
                if case .assistant(let answer) = turn { answer.text } else { nil }
            }
            try await forEach(Array(Set(texts)), atOnce: 8) { text in
                let tokens = try await client.tokenize(TokenizeRequest(model: "tiny-chat", .prompt(text))).tokens
                #expect(try await client.detokenize(tokens, model: "tiny-chat") == text)
            }
        }

        @Test("a conversation is rendered by the model's own template, with and without tools and thinking")
        func tokenizeMessages() async throws {
            let client = try RealServer.client
            let messages: [JSONObject] = [["role": "system", "content": "Be kind."], ["role": "user", "content": "Hi"]]
            func rendered(tools: [JSONObject] = [], _ change: (inout ChatTemplateOptions) -> Void = { _ in }) async throws -> String {
                var template = ChatTemplateOptions()
                change(&template)
                let tokens = try await client.tokenize(TokenizeRequest(.messages(messages, tools: tools, template: template))).tokens
                return try await client.detokenize(tokens)
            }
            let plain = "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
            #expect(try await rendered() == plain)
            #expect(try await rendered { $0.addGenerationPrompt = false } == String(plain.dropLast("<|im_start|>assistant\n".count)))
            #expect(try await rendered { $0.chatTemplateKwargs = ["enable_thinking": false] } == plain + "<think>\n\n</think>\n\n")
            let withTools = try await rendered(tools: Dialogue.tools)
            #expect(withTools.hasPrefix("<|im_start|>system\nBe kind.\n\n# Tools\n"))
            for tool in Dialogue.tools { #expect(withTools.contains("\"name\": \"\(tool["function"]?["name"]?.string ?? "?")\"")) }
        }

        @Test("no tokens have no text")
        func detokenizeNothing() async throws {
            #expect(try await RealServer.client.detokenize([]) == "")
        }
    }
}
