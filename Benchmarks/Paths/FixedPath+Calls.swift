import JSON
import ProviderKit
import VLLMClient
import VLLMProvider

extension FixedPath {
    private static let paragraph = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 5)
    private static let texts = (0..<50).map { "\($0): \(paragraph)" }

    /// The client's calls with a conversation of 50 messages.
    static func askClient(_ count: Int) async throws {
        let client = try FixedServer(FixedServer.wholeAnswer).client()
        let messages: [JSONObject] = texts.enumerated().map { index, text in
            ["role": index % 2 == 0 ? "user" : "assistant", "content": .string(text)]
        }
        let request = ChatCompletionRequest(model: "m", messages: messages)
        var answers = 0
        for _ in 0..<count { answers += try await client.chatCompletion(request).choices.count }
        expect(answers, count, "answers")
    }

    /// The provider's calls with the same conversation.
    static func askProvider(_ count: Int) async throws {
        let provider = try FixedServer(FixedServer.wholeAnswer).provider(["use_streaming": false])
        let messages = texts.enumerated().map { index, text in
            Message(role: index % 2 == 0 ? .user : .assistant, content: .text(text))
        }
        let request = ChatRequest(messages: messages)
        var answers = 0
        for _ in 0..<count { answers += try await provider.complete(request).text.isEmpty ? 0 : 1 }
        await provider.close()
        expect(answers, count, "answers")
    }
}
