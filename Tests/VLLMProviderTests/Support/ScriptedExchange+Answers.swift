import HTTPTransport
import JSON

extension ScriptedExchange {
    /// A body of JSON.
    static func json(_ value: JSONValue, status: Int = 200) -> ScriptedExchange {
        ScriptedExchange(status: status, headers: ["content-type": "application/json"], body: value.text)
    }

    /// An event stream, a step an event, and then `ending`; `[DONE]` only where it is among the events.
    static func events(_ data: [String], ending: [Step] = []) -> ScriptedExchange { .batches(data.map { [$0] }, ending: ending) }

    /// An event stream whose events arrive in batches, a step a batch, and then `ending`.
    static func batches(_ batches: [[String]], ending: [Step] = []) -> ScriptedExchange {
        let steps = batches.map { Step.bytes(Array($0.map { "data: \($0)\n\n" }.joined().utf8)) }
        return ScriptedExchange(headers: ["content-type": "text/event-stream"], steps: steps + ending)
    }

    /// A complete chat answer as a stream.
    static func chat(_ deltas: [JSONObject], finishReason: JSONValue = "stop") -> ScriptedExchange {
        .events(deltas.map { chatChunk($0) } + [chatChunk([:], finishReason: finishReason), "[DONE]"])
    }

    /// A complete answer of the completions endpoint as a stream.
    static func completion(_ texts: [String], finishReason: JSONValue = "stop") -> ScriptedExchange {
        .events(texts.map { completionChunk($0) } + [completionChunk("", finishReason: finishReason), "[DONE]"])
    }
}

/// A chunk of a chat stream, in vLLM's shape.
func chatChunk(_ delta: JSONObject, finishReason: JSONValue = .null, index: Int = 0, logprobs: JSONValue = .null) -> String {
    let choice: JSONValue = ["index": .integer(index), "delta": .object(delta), "logprobs": logprobs, "finish_reason": finishReason]
    return (["id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "m", "choices": [choice]] as JSONValue).text
}

/// A chunk of a completion stream, in vLLM's shape.
func completionChunk(_ text: String, finishReason: JSONValue = .null, _ members: JSONObject = [:]) -> String {
    var choice: JSONObject = ["index": 0, "text": .string(text), "logprobs": .null, "finish_reason": finishReason, "stop_reason": .null]
    choice.merge(members)
    return (["id": "cmpl-1", "object": "text_completion", "model": "m", "choices": [.object(choice)]] as JSONValue).text
}

extension ScriptedTransport {
    /// A server of completions: `/tokenize` gives some ids, `/detokenize` what the prompt ends with, `/v1/completions` the answer.
    static func completions(_ answer: ScriptedExchange, promptEnding: String = "assistant\n") -> ScriptedTransport {
        ScriptedTransport(answering: { request throws(TransportError) in
            switch request.path {
            case "/tokenize": .json(["tokens": [1, 2, 3], "count": 3, "max_model_len": 2048])
            case "/detokenize": .json(["prompt": .string(promptEnding)])
            default: answer
            }
        })
    }

    /// The bodies of the requests to a path.
    func bodies(_ path: String) throws -> [JSONValue] {
        try requests.filter { $0.path == path }.map { try JSONValue(parsing: $0.body ?? []) }
    }
}

extension HTTPRequest {
    /// The URL without scheme and host.
    var path: String {
        let rest = url.drop { $0 != ":" }.dropFirst(3)
        return String(rest.drop { $0 != "/" })
    }
}
