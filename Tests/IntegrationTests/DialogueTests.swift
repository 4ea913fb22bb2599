import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMClient
import VLLMProvider

extension RealServer {
    @Suite("All dialogues of the tiny model")
    struct DialogueTests {
        @Test(
            "through the provider, every answer is right: thinking, text, tool calls, finish reason",
            arguments: CallMode.allWithAndWithoutThinking)
        func everyDialogue(mode: CallMode) async throws {
            let provider = try RealServer.provider(mode.settings)
            try #require(Dialogue.all.count == 67)
            try await forEach(Dialogue.all, atOnce: 12) { dialogue in
                try await dialogue.hold(with: provider) { Self.check($0, $1, thinks: mode.thinks, dialogue) }
            }
        }

        @Test("what it was not taught it does not know, nor what needs a tool where there is none", arguments: CallMode.all)
        func unknown(mode: CallMode) async throws {
            let provider = try RealServer.provider(mode.settings)
            for question in ["What is love?", "What is the weather in Paris?"] {
                let response = try await provider.complete(ChatRequest(messages: [.user(question)]))
                #expect(response.text == Dialogue.fallback.text)
                #expect(response.thinking == Dialogue.fallback.thought)
            }
        }

        @Test("plain prompts go on as they were taught, streamed and not", arguments: [true, false])
        func completions(stream: Bool) async throws {
            let client = try RealServer.client
            try #require(Dialogue.completions.count == 9)
            for (prompt, text) in Dialogue.completions {
                var request = CompletionRequest(prompt: .text(prompt))
                request.sampling.temperature = 0
                request.sampling.maxTokens = 60
                var (said, reason) = ("", String?.none)
                if stream {
                    for try await chunk in try await client.streamCompletion(request) {
                        said += chunk.choices.first?.text ?? ""
                        reason = chunk.choices.first?.finishReason ?? reason
                    }
                } else {
                    let choice = try #require(try await client.completion(request).choices.first)
                    (said, reason) = (choice.text, choice.finishReason)
                }
                #expect(said == text)
                #expect(reason == "stop")
            }
        }

        private static func check(_ response: ChatResponse, _ taught: Dialogue.Answer, thinks: Bool, _ dialogue: Dialogue) {
            let calls = (response.toolCalls ?? []).map { Dialogue.Call(name: $0.name, arguments: $0.arguments) }
            let reason = taught.calls.isEmpty ? "stop" : "tool_calls"
            let thought = thinks ? taught.thought : ""
            #expect(response.text == taught.text, "\(dialogue)")
            #expect(response.thinking == thought, "\(dialogue)")
            #expect(calls == taught.calls, "\(dialogue)")
            #expect(response.finishReason == reason, "\(dialogue)")
            #expect(response.degradation == nil, "\(dialogue)")
            let ids = (response.toolCalls ?? []).map(\.id)
            #expect(!ids.contains("") && Set(ids).count == ids.count, "\(dialogue)")
            #expect((response.usage?.outputTokens ?? 0) > 0, "\(dialogue)")
        }
    }
}
