import JSON
import TestSupport
import VLLMClient

/// A place in a dialogue where the model is to answer, as the requests that lead there.
struct TaughtQuestion: Sendable {
    var name: String
    var messages: [JSONObject]
    var tools: [JSONObject]

    /// The places in a dialogue, with what was taught as the conversation before them.
    static func all(in dialogue: Dialogue) -> [TaughtQuestion] {
        var messages: [JSONObject] = dialogue.system.map { [["role": "system", "content": .string($0)]] } ?? []
        let tools = dialogue.offersTools ? Dialogue.tools : []
        var questions: [TaughtQuestion] = []
        var results = 0
        for turn in dialogue.turns {
            switch turn {
            case .user(let text):
                messages.append(["role": "user", "content": .string(text)])
            case .tool(let text):
                messages.append(["role": "tool", "tool_call_id": .string("call_\(results)"), "content": .string(text)])
                results += 1
            case .assistant(let answer):
                questions.append(TaughtQuestion(name: "\(dialogue), answer \(questions.count + 1)", messages: messages, tools: tools))
                messages.append(message(answer))
                results = 0
            }
        }
        return questions
    }

    /// The request for the answer by chat, with all that can be told of its tokens.
    func chat(stream: Bool) -> ComparedRequest {
        var body = settings(stream: stream)
        body["messages"] = .array(messages.map { .object($0) })
        if !tools.isEmpty { body["tools"] = .array(tools.map { .object($0) }) }
        body["logprobs"] = true
        return ComparedRequest(name, "/v1/chat/completions", body)
    }

    /// The request for the answer by completion of the rendered prompt.
    func completion(of tokens: [Int], stream: Bool) -> ComparedRequest {
        var body = settings(stream: stream)
        body["prompt"] = .array(tokens.map { .integer($0) })
        body["logprobs"] = 0
        return ComparedRequest(name, "/v1/completions", body)
    }

    /// The request for the tokens of the prompt.
    var tokenization: ComparedRequest { ComparedRequest(name, "/tokenize", tokenizeRequest.json) }

    /// The same for the client.
    var tokenizeRequest: TokenizeRequest {
        var request = TokenizeRequest(.messages(messages, tools: tools))
        request.returnTokenStrings = true
        return request
    }

    private func settings(stream: Bool) -> JSONObject {
        var body: JSONObject = ["temperature": 0, "max_tokens": 600, "return_token_ids": true]
        if stream {
            body["stream"] = true
            body["stream_options"] = ["include_usage": true]
        }
        return body
    }

    private static func message(_ answer: Dialogue.Answer) -> JSONObject {
        var message: JSONObject = ["role": "assistant", "content": .string(answer.text)]
        let calls = answer.calls.enumerated().map { index, call -> JSONValue in
            let function: JSONValue = ["name": .string(call.name), "arguments": .string(JSONValue.object(call.arguments).text)]
            return ["id": .string("call_\(index)"), "type": "function", "function": function]
        }
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        return message
    }
}
