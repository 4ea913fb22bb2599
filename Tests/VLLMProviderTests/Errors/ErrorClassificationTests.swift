import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("What an error is")
struct ErrorClassificationTests {
    private func failure(_ exchange: ScriptedExchange, _ settings: JSONObject = [:]) async throws -> ProviderError {
        var chat: JSONObject = ["use_completions": false]
        chat.merge(settings)
        // However often it is asked.
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in exchange })
        return try #require(await VLLMProvider(chat, transport: transport).failure())
    }

    @Test(
        "each answer of servers and gateways has its code, its words and its status",
        arguments: ToldError.ofVLLM + ToldError.ofOthers + ToldError.ofGateways)
    func answer(told: ToldError) async throws {
        let error = try await failure(ScriptedExchange(status: told.status, headers: told.headers, body: told.body))
        #expect(error.code == told.code, "\(error)")
        #expect(error.isRetryable == (told.isRetryable ?? told.code.isRetryable))
        #expect(error.status == told.status)
        #expect(error.body ?? "" == told.body)
        #expect(error.requestID != nil)
        let title = told.body.firstRange(of: "<title>").flatMap { start in
            told.body.firstRange(of: "</title>").map { told.body[start.upperBound..<$0.lowerBound] }
        }
        if let title {
            #expect(error.message.contains(title))
            #expect(error.message.contains("HTML"))
            #expect(error.hint != nil)
        }
        #expect(!error.message.lowercased().contains("<html"))
    }

    @Test("each failure of the transport has its code and says what to do", arguments: TransportFailure.all)
    func transport(row: TransportFailure) async throws {
        let error = try await failure(.failing(TransportError(row.failure, "it did not work")))
        #expect(error.code == row.code)
        #expect(error.isRetryable == row.isRetryable)
        #expect(error.hint == row.hint)
        #expect(!error.message.isEmpty)
        #expect(error.status == nil && error.requestID == nil)
    }

    @Test("every status of an error has a code, and one who may try again is told so")
    func everyStatus() async throws {
        for status in 300...999 {
            let error = try await failure(ScriptedExchange(status: status, body: ""))
            #expect(error.code != .other)
            #expect(error.status == status)
            let passes = status >= 500 && status != 501 || [408, 409, 423, 424, 425, 429, 444, 499].contains(status)
            #expect(error.isRetryable == passes, "\(status)")
        }
    }

    @Test(
        "what a user wrote, repeated by the server, decides nothing",
        arguments: [
            (
                400,
                #"{"error":{"message":"1 validation error:\n  {'input': 'maximum context length is 5 tokens, content filter'}","code":400}}"#
            ),
            (400, #"{"error":{"message":"[{'type': 'missing', 'loc': ('body',), 'input': 'too many tokens'}]","code":400}}"#),
            (400, #"{"error":{"message":"unknown tool \"context length content policy\"","code":400}}"#),
            (422, #"temperature: invalid type: string "context length", expected f32"#),
            (400, #"{"error":{"message":"bad","param":"context_length_exceeded","code":400}}"#),
            // In the beginnings and bodies that gateways' quotations have.
            (
                400,
                #"{"error":{"message":"unknown tool \"litellm.XException - {\\\"message\\\":\\\"maximum context length\\\"}\"","code":400}}"#
            ),
            (400, #"{"error":{"message":"litellm.Error: no tool 'XException - {\"message\":\"too many tokens\"}'","code":400}}"#),
            (400, #"{"error":{"message":"no such tool: Exception - {\"message\":\"too many tokens\"}","code":400}}"#),
            (
                400,
                #"{"error":{"message":"litellm.Error: XException - {\"message\":\"1 error:\\n  {'input': 'maximum context length'}\"}"}}"#
            ),
            (
                400,
                #"{"error":{"message":"failed","metadata":{"raw":"{\"message\":\"unknown tool \\\"content filter\\\"\",\"code\":400}"}}}"#
            ),
            (400, #"{"error":{"message":"bad value: max_tokens must be at least 1, got 0","code":400}}"#),
        ])
    func repeated(status: Int, body: String) async throws {
        #expect(try await failure(ScriptedExchange(status: status, body: body)).code == .invalidRequest)
    }

    @Test(
        "a page is no warm-up page or challenge for words that no reader sees, nor is what a server says in JSON",
        arguments: [
            "<html><title>404</title><script>/* initializing, warming up */</script><style>.starting-up</style><p>Not Found</p></html>",
            "<html><head><!-- the service is starting up --><title>Not Found</title></head></html>",
            #"{"error":{"message":"no route initializing"}}"#,
        ])
    func noWarmUp(body: String) async throws {
        let error = try await failure(ScriptedExchange(status: 404, body: body))
        #expect(error.code == .notFound)
        #expect(!error.isRetryable)
    }

    @Test("a server that is starting when it is to render a prompt is not one that cannot: no other prompt is sent")
    func warmUpWhileRendering() async throws {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            request.path == "/tokenize" ? ScriptedExchange(status: 404, body: "Service is starting") : .completion(["4"])
        })
        let error = try #require(await VLLMProvider(transport: transport).failure())
        #expect(error.code == .unavailable)
        #expect(transport.requests.allSatisfy { $0.path != "/v1/completions" })
    }

    @Test(
        "what is not found is a model or a route, whichever the server speaks of",
        arguments: [
            (#"{"error":{"message":"The model `m` does not exist.","type":"NotFoundError","code":404}}"#, true),
            (#"{"error":{"message":"model \"m\" not found, try pulling it first","type":"api_error"}}"#, true),
            (#"{"error":"Model with name m does not exist."}"#, true), (#"{"error":{"message":"no","code":"model_not_found"}}"#, true),
            (#"{"detail":"Not Found"}"#, false), ("404 page not found", false), ("Path '/v1/models' not found.", false),
            ("<html><title>Model not found</title></html>", false), ("", false),
        ])
    func notFound(body: String, isModel: Bool) async throws {
        let error = try await failure(ScriptedExchange(status: 404, body: body))
        #expect(error.code == .notFound)
        #expect(error.hint?.contains(isModel ? "default_model" : "base_url") == true)
    }

    @Test("a page that blocks for good is no challenge")
    func blocked() async throws {
        let body = "<html><title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1></html>"
        let error = try await failure(ScriptedExchange(status: 403, body: body))
        #expect(error.code == .accessDenied)
        #expect(error.hint == "a page of HTML is no answer of vLLM: check base_url")
    }

    @Test("a page in place of an answer says that it is one, with its title", arguments: [true, false])
    func loginPage(streams: Bool) async throws {
        let page = ScriptedExchange(headers: ["content-type": "text/html"], body: "<html><title>Sign in</title></html>")
        let error = try await failure(page, ["use_streaming": .bool(streams)])
        #expect(error.code == .stream)
        #expect(!error.isRetryable)
        #expect(error.message.contains("a page of HTML (Sign in)"))
        #expect(error.hint == "check that base_url leads to a vLLM server")
    }

    @Test(
        "the numbers of a context that is too small are in the error, whoever names them",
        arguments: [
            ("vLLM: prompt", ["context_window": 2048, "prompt_tokens": 2049]),
            ("OpenAI: too", ["context_window": 8192, "prompt_tokens": 9000]),
            ("llama.cpp: too", ["context_window": 8192, "prompt_tokens": 9412]),
            ("SGLang", ["context_window": 2048, "prompt_tokens": 2100]),
            ("Text Generation Inference: too", ["context_window": 2048, "prompt_tokens": 2000]),
            ("LiteLLM: vLLM's error", ["context_window": 131_072, "prompt_tokens": 147_421, "max_tokens": 1024]),
            ("OpenRouter", ["context_window": 8192, "prompt_tokens": 9000]),
        ] as [(String, JSONObject)])
    func contextNumbers(about: String, numbers: JSONObject) async throws {
        let told = try #require((ToldError.ofVLLM + ToldError.ofOthers).first { $0.about.hasPrefix(about) })
        let error = try await failure(ScriptedExchange(status: told.status, body: told.body))
        for (name, number) in numbers { #expect(error.details[name] == number) }
    }

    @Test("an error that a gateway quotes is told in the words of both, with what the server said of it")
    func quoted() async throws {
        let told = try #require(ToldError.ofOthers.first { $0.about.hasPrefix("LiteLLM: vLLM's error") })
        let error = try await failure(ScriptedExchange(status: told.status, body: told.body))
        #expect(
            error.message.contains("litellm.BadRequestError: Hosted_vllmException - You passed 147421 input tokens and requested 1024 "))
        #expect(error.details["server_error"] == ["type": "BadRequestError", "param": "input_tokens", "code": 400])
    }

    @Test("type, param and code of the server are in the error's details; a key among them is not")
    func serverError() async throws {
        let body = #"{"error":{"message":"m","type":"T","param":"p","code":"sk-0123456789abcdef"}}"#
        let error = try await failure(ScriptedExchange(status: 400, body: body), ["api_key": "sk-0123456789abcdef"])
        let told = error.details["server_error"]
        #expect(told?["type"] == "T")
        #expect(told?["param"] == "p")
        #expect(told?["code"]?.string?.contains("sk-0123456789abcdef") == false)
        #expect(!"\(error.json.text)".contains("sk-0123456789abcdef"))
    }

    @Test("the name of the call is the one that it was sent with, where the server says none")
    func requestID() async throws {
        let transport = ScriptedTransport([ScriptedExchange(status: 500, body: "")])
        let provider = try VLLMProvider(["use_completions": false], transport: transport)
        var request = ChatRequest(messages: [.user("Hi")])
        request.metadata = ["request_id": "call-17"]
        let sent = request
        let error = await thrown { () throws(ProviderError) in _ = try await provider.complete(sent) }
        #expect(error?.requestID == "call-17")
    }
}
