import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider

extension RealServer {
    @Suite("Tool calls that are cut")
    struct ToolCallTests {
        @Test("inside their arguments keep name and text, and are no calls, however the server tells them", arguments: CallMode.all)
        func cut(mode: CallMode) async throws {
            var request = ChatRequest(
                messages: [.user("What is the weather in Paris?")], tools: Dialogue.tools.map(ToolSpec.init(openAI:)))
            request.maxOutputTokens = 34
            let response = try await RealServer.provider(mode.settings).complete(request)
            #expect(response.finishReason == "length")
            #expect(response.toolCalls == nil)
            #expect(response.text.isEmpty)
            let incomplete = response.metadata?["incomplete_tool_calls"]?.array
            #expect(incomplete?.count == 1)
            #expect(incomplete?.first?["name"] == "get_weather")
            #expect(incomplete?.first?["raw_arguments"] == "{\"location\": \"")
        }
    }
}
