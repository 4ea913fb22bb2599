import JSON
import VLLMSimulator

/// An answer in vLLM's shapes, of either endpoint.
struct SoakWire {
    let number: Int
    let isChat: Bool
    let pieces: [String]

    /// The whole answer as one object.
    var whole: JSONValue {
        let text = JSONValue.string(pieces.joined())
        var choice: JSONObject = ["index": 0, "logprobs": .null, "finish_reason": "stop", "stop_reason": .null]
        if isChat { choice["message"] = ["role": "assistant", "content": text] } else { choice["text"] = text }
        return envelope(isChat ? "chat.completion" : "text_completion", choices: [.object(choice)], usage: true)
    }

    /// The answer as a stream.
    /// - Parameters:
    ///   - count: how many pieces come before `ending`; all of them, and a proper end, unless it is given.
    ///   - extra: events behind the proper end.
    func stream(of count: Int? = nil, ending: [SimulatedResponse.Part] = [], behind extra: [String] = []) -> SimulatedResponse {
        var events = pieces.prefix(count ?? pieces.count).map { chunk($0, finishReason: .null) }
        if count == nil {
            events.append(chunk("", finishReason: "stop"))
            events.append(envelope(objectName, choices: [], usage: true).text)
            events.append("[DONE]")
        }
        return .events(events + extra, ending: ending)
    }

    /// What vLLM sends when its engine has died: an error, and a proper end.
    var engineError: [UInt8] {
        let error: JSONValue = ["message": "EngineCore encountered an issue.", "type": "InternalServerError", "param": .null, "code": 500]
        return Array("data: \((["error": error] as JSONValue).text)\n\ndata: [DONE]\n\n".utf8)
    }

    /// Events of some other request, which belong to nobody here.
    var otherAnswer: [String] { [chunk(" 0.999999", finishReason: .null), "{\"broken", "[DONE]"] }

    /// How long the answer's body is.
    func byteCount(streams: Bool) -> Int {
        (streams ? stream() : .json(whole)).parts.reduce(0) { if case .bytes(let bytes) = $1 { $0 + bytes.count } else { $0 } }
    }

    private var objectName: String { isChat ? "chat.completion.chunk" : "text_completion" }

    private func chunk(_ piece: String, finishReason: JSONValue) -> String {
        var choice: JSONObject = ["index": 0, "logprobs": .null, "finish_reason": finishReason]
        if isChat { choice["delta"] = ["content": .string(piece)] } else { choice["text"] = .string(piece) }
        return envelope(objectName, choices: [.object(choice)], usage: false).text
    }

    private func envelope(_ object: String, choices: [JSONValue], usage: Bool) -> JSONValue {
        let count = pieces.count
        var json: JSONObject = [
            "id": .string("soak-\(number)"), "object": .string(object), "created": 1, "model": "tiny-chat", "choices": .array(choices),
        ]
        if usage {
            json["usage"] = ["prompt_tokens": 10, "completion_tokens": .integer(count), "total_tokens": .integer(10 + count)]
        }
        return .object(json)
    }
}
