import JSON
import Testing
import VLLMSimulator

@Suite("Bad input is refused in a sentence and never ends the server")
struct BadInputTests {
    private static let paths = ["/v1/chat/completions", "/v1/completions", "/tokenize", "/detokenize"]

    private func post(_ simulator: VLLMSimulator, _ path: String, _ body: [UInt8]) throws -> RawExchange {
        try RawExchange(port: simulator.port, method: "POST", path: path, headers: [("Content-Type", "application/json")], body: body)
    }

    @Test(
        "bodies that are not what they should be", arguments: paths,
        [
            "{", "nul", "[]", "\"x\"", "1", "{}", #"{"messages":5}"#, #"{"messages":[1]}"#, #"{"messages":[{"role":1}]}"#,
            #"{"prompt":{}}"#,
            #"{"prompt":[[[1]]]}"#, #"{"tokens":["x"]}"#, #"{"messages":[{"role":"user","content":{}}]}"#,
            #"{"messages":[{"role":"user","content":[{}]}]}"#, #"{"tokens":[1.5]}"#, #"{"prompt":true}"#, #"{"model":7,"prompt":"x"}"#,
        ])
    func malformed(path: String, body: String) throws {
        let exchange = try post(try VLLMSimulator(), path, Array(body.utf8))
        #expect(exchange.status == "HTTP/1.1 400 Bad Request")
        let json = try JSONValue(parsing: exchange.body)
        #expect(json["error"]?["message"]?.string?.isEmpty == false)
        #expect(json["error"]?["code"] == 400)
    }

    @Test(
        "values at their extremes",
        arguments: [
            "max_tokens", "min_tokens", "n", "seed", "logprobs", "top_logprobs", "stream_interval", "truncate_prompt_tokens",
            "thinking_token_budget", "prompt_logprobs", "temperature", "top_k", "top_p", "presence_penalty",
        ],
        ["-9223372036854775808", "9223372036854775807", "1e400", "-1", "0", "\"x\"", "[]", "{}", "true", "2.5"])
    func extremes(field: String, value: String) throws {
        let simulator = try VLLMSimulator()
        let fields = "\"temperature\":0,\"max_tokens\":3,\"\(field)\":\(value)"
        for (path, start) in [
            ("/v1/chat/completions", #"{"messages":[{"role":"user","content":"Hi"}],"logprobs":true,"#),
            ("/v1/completions", #"{"prompt":"Hi","#),
        ] {
            let exchange = try post(simulator, path, Array((start + fields + "}").utf8))
            #expect(["HTTP/1.1 200 OK", "HTTP/1.1 400 Bad Request"].contains(exchange.status))
            #expect(exchange.isComplete)
        }
        #expect(try RawExchange(port: simulator.port, method: "GET", path: "/health").status == "HTTP/1.1 200 OK")
    }

    @Test("deep nesting, long texts and marks in odd places")
    func strange() throws {
        let simulator = try VLLMSimulator()
        let deep = String(repeating: "[", count: 100_000)
        #expect(try post(simulator, "/v1/completions", Array("{\"prompt\":\(deep)".utf8)).status == "HTTP/1.1 400 Bad Request")
        let long = String(repeating: "a", count: 1 << 20)
        #expect(try post(simulator, "/v1/completions", Array("{\"prompt\":\"\(long)\"}".utf8)).status == "HTTP/1.1 400 Bad Request")
        for prompt in [
            "<|im_start|>", "<|im_start|>assistant\n", "<|im_end|><|im_start|>assistant\n", "<|im_start|>user<|im_start|>assistant\n",
            "<|im_start|>system\n# Tools\n<tools>\n{<|im_end|>\n<|im_start|>assistant\n<think>\n</think>",
            "<|im_start|>assistant\n<tool_call>\n{<|im_end|>\n<|im_start|>assistant\n",
        ] {
            let exchange = try post(simulator, "/v1/completions", JSONValue.object(["prompt": .string(prompt)]).bytes)
            #expect(exchange.status == "HTTP/1.1 200 OK")
        }
    }

    @Test("what is not HTTP is refused")
    func notHTTP() throws {
        let simulator = try VLLMSimulator()
        let socket = try RawSocket(port: simulator.port)
        try socket.send(Array("\u{16}\u{3}\u{1} not http\r\n\r\n".utf8))
        _ = try socket.readToEnd()
        #expect(try RawExchange(port: simulator.port, method: "GET", path: "/health").status == "HTTP/1.1 200 OK")
    }
}
