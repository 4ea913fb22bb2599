import JSON
import VLLMSimulator

/// The server of the soak: it gives every request its answer, in vLLM's shapes, and does to the first try what the request's fault says.
struct SoakServer {
    /// How many of a thousand requests have a fault.
    let faultRate: Int

    /// The answer to a request; `nil` for what the simulator answers itself, such as the list of models.
    func answer(_ request: SimulatedRequest) -> SimulatedResponse? {
        let isChat = request.path == "/v1/chat/completions"
        guard isChat || request.path == "/v1/completions", let body = request.json, let number = Self.number(of: body) else { return nil }
        // Whatever server it asks, the name of a later try has a number behind it.
        let isFirstTry = request.header("x-request-id") == SoakAnswer.requestID(number)
        let fault = isFirstTry ? SoakFault.of(number, rate: faultRate) : .none
        let pieces = SoakAnswer(number: number).pieces(behind: Self.end(of: body))
        let wire = SoakWire(number: number, isChat: isChat, pieces: pieces)
        return response(wire, streams: body["stream"]?.bool ?? false, fault, seed: scrambled(-number))
    }

    private func response(_ wire: SoakWire, streams: Bool, _ fault: SoakFault, seed: UInt64) -> SimulatedResponse {
        let whole = streams ? wire.stream() : .json(wire.whole)
        let place = 1 + Int(seed % UInt64(max(wire.pieces.count - 1, 1)))
        switch fault {
        case .none: return whole
        case .noAnswer: return .noAnswer
        case .unavailable: return status(503, "no worker is free", ("retry-after-ms", "10"))
        case .rateLimit: return status(429, "too many requests", ("retry-after", "0"))
        case .badGateway:
            return .text("<html><head><title>502 Bad Gateway</title></head><body></body></html>", status: 502, type: "text/html")
        case .cut: return whole.cut(afterBytes: Int(seed % UInt64(wire.byteCount(streams: streams))))
        case .silence:
            var response = whole
            response.before = [.hang]
            return response
        case .stall: return streams ? wire.stream(of: place, ending: [.hang]) : hanging(whole)
        case .errorEvent: return streams ? wire.stream(of: place, ending: [.bytes(wire.engineError)]) : status(500, "engine died", nil)
        case .noDone: return streams ? wire.stream(of: place, ending: []) : whole.cut(afterBytes: 10)
        case .drip: return dripping(whole)
        case .garbage: return streams ? wire.stream(behind: wire.otherAnswer) : whole
        case .refusal: return status(400, "this is refused", nil)
        }
    }

    private func status(_ status: Int, _ message: String, _ header: (name: String, value: String)?) -> SimulatedResponse {
        let error: JSONValue = ["message": .string(message), "type": "Error", "param": .null, "code": .integer(status)]
        var response = SimulatedResponse.json(["error": error], status: status)
        if let header { response.headers.append(header) }
        return response
    }

    private func hanging(_ response: SimulatedResponse) -> SimulatedResponse {
        var response = response
        response.parts.insert(.hang, at: 0)
        return response
    }

    private func dripping(_ response: SimulatedResponse) -> SimulatedResponse {
        var response = response
        response.parts = response.parts.flatMap { part -> [SimulatedResponse.Part] in
            guard case .bytes(let bytes) = part else { return [part] }
            return stride(from: 0, to: bytes.count, by: 97).flatMap { start -> [SimulatedResponse.Part] in
                [.bytes(Array(bytes[start..<min(start + 97, bytes.count)])), .pause(.milliseconds(1))]
            }
        }
        return response
    }

    private static func number(of body: JSONValue) -> Int? {
        if let prompt = body["prompt"]?.string { return SoakAnswer.number(in: prompt) }
        let question = body["messages"]?.array?.first { $0["role"]?.string == "user" }
        return question?["content"]?.string.flatMap { SoakAnswer.number(in: $0) }
    }

    /// What the answer is to go on from: the end of the prompt, or of a message that was begun.
    private static func end(of body: JSONValue) -> String {
        if let prompt = body["prompt"]?.string { return prompt }
        guard body["continue_final_message"]?.bool == true else { return "" }
        return body["messages"]?.array?.last?["content"]?.string ?? ""
    }
}
