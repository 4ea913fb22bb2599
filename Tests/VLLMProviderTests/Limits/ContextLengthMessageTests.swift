import JSON
import Testing

@testable import VLLMProvider

@Suite("Messages about the context length")
struct ContextLengthMessageTests {
    static let messages: [(String, JSONObject)] = [
        (
            "This model's maximum context length is 2048 tokens. However, your prompt contains at least 2049 input tokens, which exceeds this "
                + "limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=2049)",
            ["context_window": 2048, "prompt_tokens": 2049]
        ),
        (
            "This model's maximum context length is 2048 tokens. However, your prompt contains 2000068 characters (more than 38912 characters,"
                + " which is the upper bound for 2048 input tokens).",
            ["context_window": 2048]
        ),
        (
            "max_tokens=5000 cannot be greater than max_model_len=2048. Please request fewer output tokens. (parameter=max_tokens, value=5000)",
            ["context_window": 2048, "max_tokens": 5000]
        ),
        (
            "This model's maximum context length is 4096 tokens. However, you requested 5018 tokens (18 in the messages, 5000 in the "
                + "completion). Please reduce the length of the messages or completion.",
            ["context_window": 4096, "requested_tokens": 5018, "prompt_tokens": 18, "max_tokens": 5000]
        ),
        (
            "'max_tokens' or 'max_completion_tokens' is too large: 5000. This model's maximum context length is 4096 tokens and your request "
                + "has 18 input tokens (5000 > 4096 - 18).",
            ["context_window": 4096, "prompt_tokens": 18, "max_tokens": 5000]
        ),
        (
            "The decoder prompt (length 2100) is longer than the maximum model length of 2048.",
            ["context_window": 2048, "prompt_tokens": 2100]
        ),
        (
            "You passed 31745 input tokens and requested 1024 output tokens. However, the model's context length is only 32768 tokens, "
                + "resulting in a maximum input length of 31744 tokens. Please reduce the length of the input prompt.",
            ["context_window": 32768, "prompt_tokens": 31745, "max_tokens": 1024]
        ),
        (
            "You passed 400000 input characters and requested 1024 output tokens. However, the model's context length is only 32768 tokens.",
            ["context_window": 32768, "max_tokens": 1024]
        ),
        (
            "This model's maximum context length is 202752 tokens. However, you requested 64000 output tokens and your prompt contains at "
                + "least 138753 input tokens, for a total of at least 202753 tokens. Please reduce the length of the input prompt or the "
                + "number of requested output tokens.",
            ["context_window": 202_752, "prompt_tokens": 138_753, "max_tokens": 64000, "requested_tokens": 202_753]
        ),
        ("This model's maximum context length is 99999999999999999999 tokens.", [:]),
    ]

    @Test("the numbers of old and new servers are read", arguments: messages)
    func numbers(message: String, expected: JSONObject) {
        #expect(ContextLengthMessage.isOne(message))
        let numbers = ContextLengthMessage.numbers(message)
        #expect(Set(numbers.map(\.key)) == Set(expected.map(\.key)))
        #expect(expected.allSatisfy { numbers[$0.key] == $0.value })
    }

    @Test("a message that only repeats a prompt about context lengths is none")
    func repeated() {
        let message = "temperature must be non-negative. " + String(repeating: "x", count: 300) + " maximum context length is 5"
        #expect(!ContextLengthMessage.isOne(message))
        #expect(ContextLengthMessage.numbers(message).isEmpty)
    }
}
