import JSON
import Testing

@testable import VLLMClient

@Suite("Requests")
struct RequestTests {
    @Test("send nothing that was not set")
    func bare() throws {
        let chat = try ChatCompletionRequest(messages: [["role": "user", "content": "Hi"]]).json()
        #expect(JSONValue.object(chat).text == #"{"messages":[{"role":"user","content":"Hi"}]}"#)
        let completion = try CompletionRequest(model: "m", prompt: .text("Hi")).json()
        #expect(JSONValue.object(completion).text == #"{"model":"m","prompt":"Hi"}"#)
    }

    @Test("to chat send every field that is set, in an order that does not change")
    func wholeChat() throws {
        var request = ChatCompletionRequest(model: "tiny-chat", messages: [["role": "user", "content": "Hi"]])
        request.tools = [["type": "function", "function": ["name": "f"]]]
        request.toolChoice = .function("f")
        request.parallelToolCalls = false
        request.sampling = .everything
        request.maxCompletionTokens = 9
        request.logprobs = true
        request.topLogprobs = 3
        request.reasoningEffort = "low"
        request.includeReasoning = true
        request.template = .everything
        request.documents = [["title": "t"]]
        request.echo = true
        request.returnPromptText = true
        request.options = .everything
        request.extra = ["mm_payload": "none"]
        let expected: [String] = [
            #""model":"tiny-chat","messages":[{"role":"user","content":"Hi"}]"#,
            #""tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"f"}}"#,
            #""parallel_tool_calls":false,"stream":true"#, SamplingParameters.everythingText,
            #""max_completion_tokens":9,"logprobs":true,"top_logprobs":3,"reasoning_effort":"low","include_reasoning":true"#,
            ChatTemplateOptions.everythingText, #""documents":[{"title":"t"}],"echo":true,"return_prompt_text":true"#,
            #""stream_options":{"include_usage":true,"continuous_usage_stats":false}"#, RequestOptions.everythingText,
            #""mm_payload":"none""#,
        ]
        let text = JSONValue.object(try request.json(streaming: true)).text
        #expect(text == "{\(expected.joined(separator: ","))}")
    }

    @Test("to completions send every field that is set, in an order that does not change")
    func wholeCompletion() throws {
        var request = CompletionRequest(model: "tiny-chat", prompt: .tokens([1, 2]))
        request.suffix = "end"
        request.promptEmbeds = "AAAA"
        request.echo = true
        request.sampling = .everything
        request.logprobs = 0
        request.addSpecialTokens = false
        request.options = .everything
        request.extra = ["mm_payload": "none"]
        let expected: [String] = [
            #""model":"tiny-chat","prompt":[1,2],"suffix":"end","prompt_embeds":"AAAA","echo":true"#, SamplingParameters.everythingText,
            #""logprobs":0,"add_special_tokens":false"#, RequestOptions.everythingText, #""mm_payload":"none""#,
        ]
        let text = JSONValue.object(try request.json()).text
        #expect(text == "{\(expected.joined(separator: ","))}")
    }

    @Test(
        "to completions send each kind of prompt",
        arguments: [
            (CompletionRequest.Prompt.text("a"), #""a""#), (.tokens([]), "[]"), (.tokens([0, 7]), "[0,7]"),
            (.texts(["a", "b"]), #"["a","b"]"#),
            (.tokenLists([[1], [2, 3]]), "[[1],[2,3]]"),
        ])
    func prompts(prompt: CompletionRequest.Prompt, text: String) throws {
        let sent = try CompletionRequest(prompt: prompt).json()["prompt"]?.text
        #expect(sent == text)
    }

    @Test(
        "send each tool choice",
        arguments: [(ToolChoice.none, #""none""#), (.auto, #""auto""#), (.required, #""required""#)])
    func toolChoice(choice: ToolChoice, text: String) {
        #expect(choice.json.text == text)
    }

    @Test(
        "send each response format",
        arguments: [
            (ResponseFormat.text, #"{"type":"text"}"#), (.jsonObject, #"{"type":"json_object"}"#),
            (
                .jsonSchema(name: "n", schema: ["type": "object"], strict: true),
                #"{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}}"#
            ), (.other(["type": "structural_tag"]), #"{"type":"structural_tag"}"#),
        ])
    func responseFormat(format: ResponseFormat, text: String) {
        #expect(JSONValue.object(format.json).text == text)
    }

    @Test(
        "send each structured output",
        arguments: [
            (StructuredOutputs.Constraint.json(schema: ["type": "object"]), #"{"json":{"type":"object"}}"#),
            (.jsonObject, #"{"json_object":true}"#),
            (.regex("a+"), #"{"regex":"a+"}"#), (.choice(["a", "b"]), #"{"choice":["a","b"]}"#),
            (.grammar("root ::= x"), #"{"grammar":"root ::= x"}"#),
            (.structuralTag("{}"), #"{"structural_tag":"{}"}"#),
        ])
    func structuredOutputs(constraint: StructuredOutputs.Constraint, text: String) {
        #expect(JSONValue.object(StructuredOutputs(constraint).json).text == text)
    }

    @Test("send options of structured outputs")
    func structuredOutputsOptions() {
        var outputs = StructuredOutputs(.jsonObject)
        outputs.whitespacePattern = " ?"
        outputs.disableAnyWhitespace = true
        outputs.disableAdditionalProperties = false
        let text = JSONValue.object(outputs.json).text
        #expect(
            text == #"{"json_object":true,"whitespace_pattern":" ?","disable_any_whitespace":true,"disable_additional_properties":false}"#)
    }

    @Test("set extra members over their own, but not whether the answer is streamed")
    func extra() throws {
        var request = CompletionRequest(prompt: .text("a"))
        request.sampling.temperature = 0.5
        request.extra = ["temperature": 0.0, "new": .null, "stream": true]
        #expect(JSONValue.object(try request.json()).text == #"{"prompt":"a","temperature":0.0,"new":null}"#)
        #expect(try request.json(streaming: true)["stream"] == true)
        request.extra = ["stream": false]
        #expect(try request.json(streaming: true)["stream"] == true)
    }

    @Test("leave stream options out when the answer is not streamed, as vLLM refuses them then")
    func streamOptions() throws {
        var request = ChatCompletionRequest(messages: [])
        request.options.streamOptions = StreamOptions(includeUsage: true)
        #expect(try request.json()["stream_options"] == nil)
        #expect(try request.json(streaming: true)["stream_options"] == ["include_usage": true])
    }

    @Test("refuse numbers that JSON cannot say", arguments: [Double.nan, .infinity, -.infinity])
    func unsayable(number: Double) throws {
        var request = CompletionRequest(prompt: .text("a"))
        request.sampling.topP = number
        let error = #expect(throws: VLLMError.self) { try request.json() }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.description == "top_p is \(number), which JSON has no number for")
        request.sampling.topP = nil
        request.sampling.logitBias = [5: number]
        let biasError = #expect(throws: VLLMError.self) { try request.json() }
        #expect(biasError?.description == "logit_bias[5] is \(number), which JSON has no number for")
    }

    @Test("to tokenize send a text or a conversation")
    func tokenize() {
        var text = TokenizeRequest(model: "m", .prompt("Hi", addSpecialTokens: false))
        text.returnTokenStrings = true
        #expect(JSONValue.object(text.json).text == #"{"model":"m","prompt":"Hi","add_special_tokens":false,"return_token_strs":true}"#)
        var chat = TokenizeRequest(.messages([["role": "user"]], tools: [["type": "function"]], template: .everything))
        chat.extra = ["x": 1]
        let chatText = JSONValue.object(chat.json).text
        #expect(
            chatText == #"{"messages":[{"role":"user"}],"tools":[{"type":"function"}],"# + ChatTemplateOptions.everythingText + #","x":1}"#)
        let withoutTools = TokenizeRequest(.messages([["role": "user"]]))
        #expect(JSONValue.object(withoutTools.json).text == #"{"messages":[{"role":"user"}]}"#)
    }
}
