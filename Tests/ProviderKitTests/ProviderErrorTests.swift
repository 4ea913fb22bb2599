import JSON
import ProviderKit
import Testing

@Suite("A provider's error")
struct ProviderErrorTests {
    @Test("every code has a class of Amplifier's of its own, and the retryable ones are those that Amplifier retries")
    func codes() {
        let classes = Set(ProviderError.Code.all.map(\.className))
        #expect(classes.count == ProviderError.Code.all.count)
        let retryable = Set(ProviderError.Code.all.filter(\.isRetryable).map(\.className))
        #expect(retryable == ["RateLimitError", "ProviderUnavailableError", "NetworkError", "LLMTimeoutError", "StreamError"])
    }

    @Test("an error says what happened and what to do, and keeps the partial answer")
    func parts() {
        var error = ProviderError(.network, "connection refused by 127.0.0.1:1", hint: "start the server", provider: "vllm", model: "m")
        error.partialResponse = ChatResponse(content: [.text(TextBlock("half"))])
        error.retryAfter = .milliseconds(1500)
        #expect(error.description == "connection refused by 127.0.0.1:1 (start the server)")
        let json = error.json
        #expect(json["type"] == "NetworkError")
        #expect(json["retryable"] == true)
        #expect(json["retry_after"] == 1.5)
        #expect(json["partial_response"]?["content"]?[0]?["text"] == "half")
    }

    @Test("an error can be retryable against its code")
    func override() {
        #expect(ProviderError(.rateLimit, "wait a day", isRetryable: false).isRetryable == false)
    }
}
