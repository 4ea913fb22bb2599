import JSON
import TestSupport
import Testing

@testable import VLLMClient

/// The server's own description of its API says which fields there are.
@Suite("Fields of vLLM 0.32")
struct FieldCoverageTests {
    /// Fields that only the render endpoint reads.
    private static let renderOnly: Set<String> = ["mm_payload", "return_mm_kwargs"]

    @Test("of a chat request have a property each")
    func chat() throws {
        var request = ChatCompletionRequest(model: "m", messages: [])
        request.tools = [[:]]
        request.toolChoice = .auto
        request.parallelToolCalls = true
        request.sampling = .everything
        request.maxCompletionTokens = 1
        request.logprobs = true
        request.topLogprobs = 1
        request.reasoningEffort = "low"
        request.includeReasoning = true
        request.template = .everything
        request.documents = []
        request.echo = true
        request.returnPromptText = true
        request.options = .everything
        try expectSameFields(request.json(streaming: true), "ChatCompletionRequest")
    }

    @Test("of a completion request have a property each")
    func completion() throws {
        var request = CompletionRequest(model: "m", prompt: .text(""))
        request.suffix = ""
        request.promptEmbeds = ""
        request.echo = true
        request.sampling = .everything
        request.logprobs = 1
        request.addSpecialTokens = true
        request.options = .everything
        try expectSameFields(request.json(streaming: true), "CompletionRequest")
    }

    @Test("of a tokenize request have a property each")
    func tokenize() throws {
        var chat = TokenizeRequest(model: "m", .messages([], tools: [[:]], template: .everything))
        chat.returnTokenStrings = true
        try expectSameFields(chat.json, "TokenizeChatRequest")
        var text = TokenizeRequest(model: "m", .prompt("", addSpecialTokens: true))
        text.returnTokenStrings = true
        try expectSameFields(text.json, "TokenizeCompletionRequest")
    }

    private func expectSameFields(_ json: JSONObject, _ schema: String) throws {
        let description = try JSONValue(parsing: fileBytes("\(Recording.folder)/openapi-0.32.0.json"))
        let fields = try #require(description["components"]?["schemas"]?[schema]?["properties"]?.object).keys
        #expect(Set(json.keys) == Set(fields).subtracting(Self.renderOnly))
    }
}
