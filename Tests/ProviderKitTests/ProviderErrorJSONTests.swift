import JSON
import ProviderKit
import Testing

@Suite("A provider's error as JSON")
struct ProviderErrorJSONTests {
    @Test("with every member survives encoding and decoding, whatever its code", arguments: ProviderError.Code.all)
    func roundTrip(code: ProviderError.Code) throws {
        var error = ProviderError(
            code, "no", hint: "do", provider: "vllm", model: "m", status: 429, isRetryable: !code.isRetryable, details: ["a": [1]])
        error.retryAfter = .milliseconds(2500)
        error.requestID = "r"
        error.body = "{}"
        error.partialResponse = ChatResponse(content: [.text(TextBlock("half"))], finishReason: "length")
        let read = try ProviderError(json: error.json)
        #expect(read.code == code)
        #expect(read.json == error.json)
    }

    @Test("with nothing but its message is another failure, and a known type says whether it may pass")
    func minimal() throws {
        let bare = try ProviderError(json: ["message": "no"])
        #expect(bare.code == .other)
        #expect(bare.json == ["type": "LLMError", "code": "other", "message": "no", "retryable": false])
        #expect(try ProviderError(json: ["type": "RateLimitError", "message": "no"]).isRetryable)
    }

    @Test("of a type that nobody knows goes by its code, and without one keeps the name")
    func unknownType() throws {
        #expect(try ProviderError(json: ["type": "X", "code": "timeout", "message": "no"]).code == .timeout)
        let error = try ProviderError(json: ["type": "X", "code": "y", "message": "no", "retryable": true])
        #expect(error.code == .other)
        #expect(error.isRetryable)
        #expect(error.details == ["type": "X"])
    }

    @Test(
        "is told whatever its other members are: what cannot be read is kept in the details",
        arguments: [
            ("type", 3), ("code", []), ("hint", 1), ("provider", ["a"]), ("model", false), ("status_code", "429"), ("retryable", "yes"),
            ("retry_after", "soon"), ("request_id", 7), ("body", [:]), ("details", "text"), ("partial_response", [:]),
            ("partial_response", ["content": [["type": "text", "text": "a", "choice": -1]]]),
        ] as [(String, JSONValue)])
    func unreadable(key: String, value: JSONValue) throws {
        var json: JSONObject = [
            "type": "RateLimitError", "code": "rate_limit", "message": "no", "status_code": 429, "details": ["a": 1],
        ]
        json[key] = value
        let error = try ProviderError(json: .object(json))
        #expect(error.code == .rateLimit)
        #expect(error.message == "no")
        #expect(error.isRetryable)
        #expect(error.status == (key == "status_code" ? nil : 429))
        #expect(error.details["a"] == (key == "details" ? nil : 1))
        #expect(error.details["unreadable"] == .object([key: value]))
    }

    @Test("may ask for any wait: what cannot be one is none, and a year is the longest", arguments: [(-1.0, 0), (1e300, 31_536_000)])
    func hostileDelay(seconds: Double, expected: Int) throws {
        #expect(try ProviderError(json: ["message": "no", "retry_after": .double(seconds)]).retryAfter == .seconds(expected))
    }

    @Test(
        "of a wrong shape is an error that names the member",
        arguments: [
            ("no", "expected an object, found string"), ([:], "message: is required"),
            (["message": 3, "type": "RateLimitError"], "message: expected a string, found number"),
        ] as [(JSONValue, String)])
    func wrong(json: JSONValue, message: String) {
        let error = #expect(throws: ContractError.self) { try ProviderError(json: json) }
        #expect(error?.description == message)
    }
}
