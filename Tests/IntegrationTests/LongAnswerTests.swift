import JSON
import ProviderKit
import Testing
import VLLMProvider

extension RealServer {
    @Suite("Long answers")
    struct LongAnswerTests {
        @Test(
            "an answer in many rounds is the answer in one, at temperature 0, wherever it is cut", arguments: CallMode.all,
            [("Count from 1 to 40.", 3), ("Count from 1 to 40.", 20), ("Tell me a long story.", 7), ("Tell me a long story.", 50)])
        func joined(mode: CallMode, cut: (question: String, maxTokens: Int)) async throws {
            for thinks in [true, false] {
                let provider = try RealServer.provider(mode.settings)
                let request = ChatRequest(messages: [.user(cut.question)])
                let template: JSONObject = ["chat_template_kwargs": ["enable_thinking": .bool(thinks)]]
                let whole = try await provider.complete(request, options: template)
                var options = template
                options["max_tokens"] = .integer(cut.maxTokens)
                options["continuation"] = 100
                let joined = try await provider.complete(request, options: options)
                #expect(joined.content == whole.content)
                #expect(joined.finishReason == "stop")
                #expect((joined.metadata?["vllm:continuation_count"]?.int ?? 0) > 2)
                #expect((joined.usage?.inputTokens ?? 0) > 2 * (whole.usage?.inputTokens ?? 0))
                #expect(joined.usage?.reasoningTokens == whole.usage?.reasoningTokens)
            }
        }

        @Test(
            "a message that the host had begun goes on to the same end in one round and in many, over both endpoints alike",
            arguments: CallMode.all,
            [
                ("1, 2, 3,", " 4, 5, 6", "", 12), ("<think>\nI count", "1, 2, 3", " from 1 to 40.", 3),
                ("<think>\nI count from 1 to 40.\n</think>\n\n1, 2,", " 3, 4, 5", "", 12),
            ])
        func begun(mode: CallMode, cut: (begun: String, text: String, thinking: String, maxTokens: Int)) async throws {
            let provider = try RealServer.provider(mode.settings)
            let request = ChatRequest(messages: [.user("Count from 1 to 40."), Message(role: .assistant, content: .text(cut.begun))])
            var options: JSONObject = ["continue_final_message": true]
            let whole = try await provider.complete(request, options: options)
            #expect(whole.text.hasPrefix(cut.text))
            #expect(whole.text.hasSuffix(" 39, 40."))
            #expect(whole.thinking == cut.thinking)
            options.merge(["max_tokens": .integer(cut.maxTokens), "continuation": 100])
            let joined = try await provider.complete(request, options: options)
            #expect(joined.content == whole.content)
            #expect(joined.finishReason == "stop")
        }
    }
}
