import JSON
import SessionLog
import Testing

@Suite("Levels follow the rules of Amplifier's logging hook")
struct LogLevelTests {
    @Test(
        "the level comes from lvl, the name and what went wrong",
        arguments: [
            ("llm:request", [:], "INFO"),
            ("llm:request", ["lvl": "WARNING"], "WARNING"),
            ("llm:request", ["lvl": 3], "INFO"),
            ("llm:request", ["lvl": ""], "INFO"),
            ("llm:request:debug", [:], "DEBUG"),
            ("llm:response:raw", [:], "DEBUG"),
            ("llm:response:raw", ["lvl": "INFO"], "INFO"),
            ("llm:rawhide", [:], "INFO"),
            ("llm:response", ["status": "error"], "ERROR"),
            ("llm:response", ["status": "ok", "error": .null], "INFO"),
            ("llm:response", ["error": "429"], "ERROR"),
            ("llm:response", ["error": ["type": "RateLimitError"]], "ERROR"),
            ("llm:response", ["error": ""], "INFO"),
            ("llm:response", ["error": 0], "INFO"),
            ("llm:response", ["error": []], "INFO"),
            ("llm:response", ["error": [:]], "INFO"),
            ("llm:response", ["error": false], "INFO"),
            ("llm:response", ["error": true, "lvl": "WARNING"], "ERROR"),
            ("provider:error", [:], "ERROR"),
            ("provider:error", ["lvl": "DEBUG"], "DEBUG"),
            ("llm:response:debug", ["status": "error"], "DEBUG"),
        ] as [(String, JSONObject, String)])
    func level(name: String, payload: JSONObject, expected: String) {
        #expect(LogLevel(event: name, payload: payload).rawValue == expected)
    }
}
