import HTTPTransport
import JSON
import Testing

@testable import VLLMClient

@Suite("Errors")
struct ErrorShapeTests {
    @Test(
        "are read in shapes that no recording has",
        arguments: [
            (#"{"object":"error","message":"flat","type":"T","param":"p","code":400}"#, "flat", "T"),
            (#"{"type":"error","error":{"type":"overloaded_error","message":"busy"}}"#, "busy", "overloaded_error"),
            (#"{"error":"Worker exists","code":"ADD_WORKER_FAILED"}"#, "Worker exists", nil),
            (
                #"{"detail":[{"loc":["body","n"],"msg":"not an int","type":"t"},{"loc":["body","messages",0],"msg":"missing","type":"m"}]}"#,
                "body.n: not an int; body.messages.0: missing", nil
            ), (#"{"detail":{"why":"no"}}"#, #"{"why":"no"}"#, nil), (#"{"error":{"reason":"odd"}}"#, #"{"reason":"odd"}"#, nil),
            (#"{"error":"busy","error_type":"overloaded"}"#, "busy", "overloaded"),
            (#"{"detail":{"error":{"message":"inner","type":"T"}}}"#, "inner", "T"),
            (#"{"OriginalStatusCode":400,"OriginalMessage":"{\"error\":{\"message\":\"inner\",\"type\":\"T\"}}"}"#, "inner", "T"),
            (#"{"OriginalStatusCode":400}"#, #"{"OriginalStatusCode":400}"#, nil),
            (#"{"error":null,"message":"m"}"#, "m", nil), (#"{"other":1}"#, #"{"other":1}"#, nil), (#""just text""#, "just text", nil),
            ("upstream connect error\n", "upstream connect error", nil),
            ("<html><head><title>502 Bad\n Gateway</title></head></html>", "an HTML page: 502 Bad Gateway", nil),
            ("<!DOCTYPE HTML><body>Oops</body>", "an HTML page: Oops", nil), ("<!doctype html>", "an HTML page: without a title", nil),
            ("\u{FEFF}<HTML><!-- <title>no</title> --><style>a { b }</style><Title>\nBusy</title>", "an HTML page: Busy", nil),
            ("<html><script>var text = '<title>no'", "an HTML page: without a title", nil),
            ("<xml/>", "<xml/>", nil), (" \n", "no explanation (the body is empty)", nil),
        ] as [(String, String, String?)])
    func shapes(body: String, message: String, type: String?) async throws {
        let client = try VLLMClient.answered(status: 500, type: "text/plain", text: body)
        let error = await failure { () async throws(VLLMError) in try await client.health() }
        #expect(error?.message == message)
        #expect(error?.type == type)
        #expect(error?.kind == .status)
        #expect(error?.effectiveStatus == (body.hasPrefix(#"{"Original"#) ? 400 : 500))
    }

    @Test(
        "that a gateway quotes are told with the server's words in the place of its JSON",
        arguments: [
            (#"litellm.APIError: XException - {"message":"in","type":"T"}. More"#, nil, "litellm.APIError: XException - in", "in"),
            (#"litellm.APIError: XException - {"detail":"a } \" {"}"#, nil, #"litellm.APIError: XException - a } " {"#, #"a } " {"#),
            (#"litellm.APIError: XException - {"message":"cut"#, nil, #"litellm.APIError: XException - {"message":"cut"#, nil),
            (#"litellm.APIError: XException - {"odd":1}"#, nil, #"litellm.APIError: XException - {"odd":1}"#, nil),
            (#"XException - {"message":"in"}"#, nil, #"XException - {"message":"in"}"#, nil),
            ("Provider returned error", ["raw": #"{"error":{"message":"in"}}"#], "Provider returned error: in", "in"),
            ("Provider returned error", ["raw": ["message": "in"]], "Provider returned error: in", "in"),
            ("Provider returned error", ["raw": "busy"], "Provider returned error: busy", "busy"),
            ("Provider returned error", ["raw": ""], "Provider returned error", nil),
            (
                "Provider returned error", ["raw": #"{"message":"litellm.E: XException - {\"message\":\"in\"}"}"#],
                "Provider returned error: litellm.E: XException - in", "in"
            ),
        ] as [(String, JSONValue?, String, String?)])
    func quoted(text: String, metadata: JSONValue?, message: String, quoted: String?) async throws {
        var error: JSONObject = ["message": .string(text), "code": "400"]
        error["metadata"] = metadata
        let client = try VLLMClient.answered(status: 400, text: (["error": .object(error)] as JSONValue).text)
        let failure = await failure { () async throws(VLLMError) in try await client.health() }
        #expect(failure?.message == message)
        #expect(failure?.quotedMessage == quoted)
    }

    @Test("within errors within errors are looked for so far and no further")
    func depth() async throws {
        for (key, depth) in [("detail", 500), ("raw", 8)] {
            var error: JSONValue = ["message": "innermost"]
            for _ in 0..<depth {
                error = key == "detail" ? ["detail": error] : ["message": "m", "metadata": ["raw": .string(error.text)]]
            }
            let client = try VLLMClient.answered(status: 400, text: error.text)
            let failure = try #require(await failure { () async throws(VLLMError) in try await client.health() })
            #expect(failure.message.hasPrefix(key == "detail" ? #"{"detail":{"detail":"# : "m: m: m: m: m: "))
        }
    }

    @Test("that are pages of HTML have the page: its title, and what a reader sees of it")
    func page() async throws {
        let body = "<html><head><title>404 Not  Found</title><style>b {}</style></head><body><h1>Not</h1>\n<p>Found</p></body></html>"
        let client = try VLLMClient.answered(status: 404, type: "text/html", text: body)
        let page = await failure { () async throws(VLLMError) in _ = try await client.models() }?.form?.page
        #expect(page?.title == "404 Not Found")
        #expect(page?.text == "Not Found")
    }

    @Test("of which a page never ends keep a beginning of it", arguments: ["<title>", "<script>", "<!--", "x", "< "])
    func endlessPage(part: String) async throws {
        let client = try VLLMClient.answered(status: 500, text: "<html>" + String(repeating: part, count: 100_000))
        let page = try #require(await failure { () async throws(VLLMError) in _ = try await client.models() }?.form?.page)
        #expect((page.title?.utf8.count ?? 0) + page.text.utf8.count <= 1010)
    }

    @Test("have names of bounded length")
    func longNames() async throws {
        let long = String(repeating: "n", count: 10_000)
        let body = #"{"error":{"message":"m","type":"\#(long)","param":"\#(long)","code":"\#(long)"}}"#
        let client = try VLLMClient.answered(status: 500, text: body)
        let error = try #require(await failure { () async throws(VLLMError) in _ = try await client.models() })
        #expect([error.type, error.param, error.code?.string].allSatisfy { $0?.count == 201 })
    }

    @Test(
        "inside an answer of status 200 have the status that they name, in numbers or in words",
        arguments: [
            (#"{"error":{"message":"m","code":429}}"#, 429), (#"{"error":{"message":"m","code":"404"}}"#, 404),
            (#"{"error":{"message":"m","code":"rate_limit_exceeded"}}"#, 429),
            (#"{"error":{"message":"m","type":"Bad Request","code":200}}"#, 400),
            (#"{"error":{"message":"m","type":"BadRequestError"}}"#, 400),
            (#"{"error":{"message":"m","type":"overloaded_error"}}"#, 529), (#"{"error":"m","error_type":"validation"}"#, 422),
            (#"{"error":{"message":"m","type":"Odd","code":"odd"}}"#, 500), (#"{"error":"m"}"#, 500),
            (#"{"error":{"message":"m","code":1e300}}"#, 500), (#"{"error":{"message":"m","code":"99999999999999999999"}}"#, 500),
        ])
    func effectiveStatus(body: String, status: Int) async throws {
        let client = try VLLMClient.answered(text: body)
        let error = await failure { () async throws(VLLMError) in _ = try await client.models() }
        #expect(error?.kind == .errorInBody)
        #expect(error?.effectiveStatus == status)
    }

    @Test("have no code where the server's is null")
    func nullCode() async throws {
        let client = try VLLMClient.answered(status: 500, text: #"{"error":{"message":"m","type":null,"param":null,"code":null}}"#)
        let error = try #require(await failure { () async throws(VLLMError) in try await client.health() })
        let isEmpty = error.code == Optional.none && error.type == nil && error.param == nil
        #expect(isEmpty)
        #expect(error.effectiveStatus == 500)
    }

    @Test("keep what a retry needs to know, and the request's id")
    func retryFields() async throws {
        let client = try VLLMClient.answered(
            by: ScriptedExchange(status: 429, headers: ["Retry-After": "7", "X-Request-Id": "abc", "x-other": "1"], body: ""))
        let error = await failure { () async throws(VLLMError) in _ = try await client.models() }
        #expect(error?.retryAfter == "7")
        #expect(error?.requestID == "abc")
        #expect(error?.headers["x-other"] == "1")
        #expect(error?.body == nil)
    }

    @Test("of a redirect say where to")
    func redirect() async throws {
        let client = try VLLMClient.answered(
            by: ScriptedExchange(status: 308, headers: ["location": "https://server/v1/models"], body: ""))
        let error = await failure { () async throws(VLLMError) in _ = try await client.models() }
        #expect(error?.message == "a redirect to https://server/v1/models, which is not followed: set the base URL to where the server is")
        #expect(error?.status == 308)
    }

    @Test("do not repeat the API key when the server does")
    func secrets() async throws {
        let body = #"{"error":{"message":"bad key sk-very-secret in request"}}"#
        let client = try VLLMClient.answered(status: 401, text: body, apiKey: "sk-very-secret")
        let error = try #require(await failure { () async throws(VLLMError) in _ = try await client.models() })
        #expect(error.message == "bad key [REDACTED] in request")
        var dumped = ""
        dump(error, to: &dumped)
        dump(client, to: &dumped)
        #expect(!dumped.contains("very-secret"))
        #expect(!"\(client) \(String(reflecting: client))".contains("very-secret"))
    }

    @Test("hold at most 64 KiB of the body and 8 KiB of the message, cut between characters")
    func bounds() async throws {
        let text = String(repeating: "é", count: 1 << 20)
        let client = try VLLMClient.answered(status: 500, type: "text/plain", text: text)
        let error = try #require(await failure { () async throws(VLLMError) in _ = try await client.models() })
        #expect(error.body == String(repeating: "é", count: 1 << 15) + "…")
        #expect(error.message == String(repeating: "é", count: 1 << 12) + "…")
    }

    @Test("are told though their body breaks off")
    func brokenBody() async throws {
        let lost = TransportError(.connectionLost, "gone")
        let client = try VLLMClient.answered(by: ScriptedExchange(status: 503, steps: [.bytes(Array("bus".utf8)), .fail(lost)]))
        let error = await failure { () async throws(VLLMError) in _ = try await client.models() }
        #expect(error?.kind == .status)
        #expect(error?.message == "bus")
    }

    @Test("of a cancelled task are told as such, whenever it is cancelled", arguments: [200, 500])
    func cancellation(status: Int) async throws {
        let cancelled = TransportError(.cancelled, "cancelled")
        let client = try VLLMClient.answered(by: ScriptedExchange(status: status, steps: [.bytes([0x7B]), .fail(cancelled)]))
        let error = await failure { () async throws(VLLMError) in _ = try await client.models() }
        #expect(error?.isCancellation == true)
        let unsent = try VLLMClient.answered(by: .failing(cancelled))
        let early = await failure { () async throws(VLLMError) in _ = try await unsent.models() }
        #expect(early?.isCancellation == true)
        #expect(early?.description == "cancelled")
    }

    @Test(
        "of answers that are not what was asked for say what they are",
        arguments: [
            ("application/json", "", "the answer is empty"),
            ("application/json", "[1]", "the answer is not a JSON object: [1]"),
            ("application/json", "{}", "the answer is not what was asked for: choices: missing"),
            ("application/json", #"{"choices":{}}"#, "the answer is not what was asked for: choices: expected an array, found an object"),
            ("application/json", #"{"choices":[{}]}"#, "the answer is not what was asked for: choices[0].message: missing"),
            (
                "application/json", #"{"choices":[{"message":{"content":7}}]}"#,
                "the answer is not what was asked for: choices[0].message.content: expected a string, found a number"
            ),
            (
                "application/json", #"{"choices":[{"message":{"tool_calls":[{"function":{"name":"f"}},{"function":{"name":null}}]}}]}"#,
                "the answer is not what was asked for: choices[0].message.tool_calls[1].function.name: missing"
            ),
            (
                "application/json", #"{"choices":[{"message":{},"logprobs":{"content":[{"logprob":"x"}]}}]}"#,
                "the answer is not what was asked for: choices[0].logprobs.content[0].logprob: expected a number, found a string"
            ),
            (
                "application/json", #"{"choices":[],"usage":{"prompt_tokens":1.5}}"#,
                "the answer is not what was asked for: usage.prompt_tokens: expected an integer, found a number"
            ),
            (
                "text/html", "<html><title>Welcome to nginx!</title></html>",
                "the answer is not JSON but a page of HTML (Welcome to nginx!): is the base URL right? "
            ), ("text/plain", "hello", "the answer is not JSON but text/plain: hello "),
        ])
    func malformed(type: String, body: String, message: String) async throws {
        let client = try VLLMClient.answered(type: type, text: body)
        let error = try #require(
            await failure { () async throws(VLLMError) in _ = try await client.chatCompletion(ChatCompletionRequest(messages: [])) })
        #expect(error.kind == .malformedResponse)
        #expect(error.status == 200)
        let isExpected = message.hasSuffix(" ") ? error.message.hasPrefix(message) : error.message == message
        #expect(isExpected, "\(error.message)")
    }

    @Test("inside an answer of status 200 are the server's errors")
    func errorInBody() async throws {
        let client = try VLLMClient.answered(text: #"{"error":{"message":"m","type":"T","code":503}}"#)
        let error = await failure { () async throws(VLLMError) in _ = try await client.completion(CompletionRequest(prompt: .text(""))) }
        #expect(error?.kind == .errorInBody)
        #expect(error?.effectiveStatus == 503)
        #expect(error?.description == "the server reported an error: m")
    }

    @Test("of answers beyond the limit say so")
    func tooLarge() async throws {
        var client = try VLLMClient.answered(text: String(repeating: " ", count: 20))
        client.limits.body = 10
        let error = await failure { () async throws(VLLMError) in _ = try await client.models() }
        #expect(error?.kind == .transport(TransportError(.tooLarge, "the response is larger than 10 bytes")))
    }

    @Test("of compressed bodies name the compression in place of what nobody can read")
    func compressed() async throws {
        let refusal = try VLLMClient.answered(
            by: ScriptedExchange(status: 503, headers: ["content-encoding": "gzip"], body: "\u{1f}\u{8b}"))
        let error = await failure { () async throws(VLLMError) in _ = try await refusal.models() }
        #expect(error?.kind == .status)
        #expect(error?.message == "no explanation (the body is compressed: gzip)")
        let identity = try VLLMClient.answered(
            by: ScriptedExchange(headers: ["content-encoding": "Identity"], body: #"{"version":"0.32.0"}"#))
        #expect(try await identity.version() == "0.32.0")
    }

    @Test("of lists with more elements than anybody can mean say so, before they take memory")
    func longLists() async throws {
        let choices = Array(repeating: "{}", count: 65_537).joined(separator: ",")
        let client = try VLLMClient.streaming("{\"choices\":[\(choices)]}")
        let error = await failure { () async throws(VLLMError) in
            for try await _ in try await client.streamChatCompletion(ChatCompletionRequest(messages: [])) {}
        }
        #expect(error?.message.contains("choices: expected at most 65536 elements, found an array of 65537") == true)
    }

    @Test("of answers that do not keep their JSON are told all the same")
    func withoutRaw() async throws {
        var client = try VLLMClient.answered(text: #"{"choices":[],"id":"a"}"#)
        client.keepsRaw = false
        let answer = try await client.completion(CompletionRequest(prompt: .text("")))
        #expect(answer.id == "a")
        #expect(answer.raw == [:])
        client = try VLLMClient.answered(text: #"{"error":{"message":"m","code":503}}"#)
        client.keepsRaw = false
        let error = await failure { () async throws(VLLMError) in _ = try await client.completion(CompletionRequest(prompt: .text(""))) }
        #expect(error?.kind == .errorInBody)
    }
}
