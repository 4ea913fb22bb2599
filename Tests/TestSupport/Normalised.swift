public import JSON

extension JSONValue {
    /// The value without what differs from run to run: random identifiers, times, the model's folder, fingerprints that hash the
    /// server's settings, and the numbers that a real model computes.
    public var normalised: JSONValue {
        switch self {
        case .array(let elements): return .array(elements.map(\.normalised))
        case .object(let members): return .object(JSONObject(members.map { ($0.key, Self.normalised($0.value, at: $0.key)) }))
        default: return self
        }
    }

    private static func normalised(_ value: JSONValue, at key: String) -> JSONValue {
        switch (key, value) {
        case ("id", .string(let id)):
            let isRandom = id.count > 16 && id.suffix(16).allSatisfy { $0.isHexDigit && !$0.isUppercase }
            return isRandom ? .string(id.dropLast(16) + "…") : value
        case ("created", .number): return "a time"
        case ("root", .string): return "a folder"
        case ("system_fingerprint", .string(let text)): return .string(String(text.prefix("vllm-0.32.0-".count)))
        case ("logprob", .number(let number)): return number.double <= 0 ? "a log-probability" : value
        case ("token_logprobs", .array(let values)): return .array(values.map { $0.isNull ? .null : "a log-probability" })
        // Which rivals there are is the model's; how many of them, and that the sampled token is the first, is the server's.
        case ("top_logprobs", .array(let values)) where values.allSatisfy({ $0["token"] != nil }):
            return .array(values.prefix(1).map(\.normalised) + [.integer(values.count)])
        case ("top_logprobs", .array(let values)), ("prompt_logprobs", .array(let values)):
            return .array(values.map { $0.object.map { .integer($0.count) } ?? .null })
        default: return value.normalised
        }
    }
}

/// A chunk or a body with its JSON normalised; what is not JSON stays as it is.
public func normalised(_ text: String) -> String {
    let isEvent = text.hasPrefix("data: ") && text.hasSuffix("\n\n")
    let payload = isEvent ? String(text.dropFirst("data: ".count).dropLast(2)) : text
    guard let value = try? JSONValue(parsing: payload) else { return text }
    return (isEvent ? "data: " : "") + value.normalised.text
}

/// The events of the first choice, then those of the second, then those of none.
public func sortedByChoice(_ events: [String]) -> [String] {
    let marks = ["\"index\":0,", "\"index\":1,"]
    return marks.flatMap { mark in events.filter { $0.contains(mark) } }
        + events.filter { event in !marks.contains { event.contains($0) } }
}
