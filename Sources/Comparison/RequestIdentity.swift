import JSON

/// What is the same of two requests that ask the same: messages and tools, without what is made up anew each time (the ids of tool calls,
/// which only have to fit together) and what no model sees (`metadata`).
struct RequestIdentity: Hashable {
    private let messages: JSONValue
    private let tools: JSONValue

    init(_ request: JSONValue) {
        var normaliser = Normaliser()
        messages = normaliser.normalised(request["messages"] ?? .null)
        tools = request["tools"] ?? .null
    }

    private struct Normaliser {
        private var numbers: [String: Int] = [:]

        mutating func normalised(_ value: JSONValue) -> JSONValue {
            switch value {
            case .array(let elements): return .array(elements.map { normalised($0) })
            case .object(let members):
                let isCall = members["type"] == "tool_call"
                var result: JSONObject = [:]
                for (key, value) in members where key != "metadata" {
                    if key == "tool_calls", let calls = value.array {
                        result[key] = .array(calls.map { normalisedCall($0) })
                    } else if key == "tool_call_id" || (isCall && key == "id") {
                        result[key] = number(value)
                    } else {
                        result[key] = normalised(value)
                    }
                }
                return .object(result)
            case .null, .bool, .number, .string: return value
            }
        }

        private mutating func normalisedCall(_ call: JSONValue) -> JSONValue {
            guard var members = call.object else { return call }
            if let id = members["id"] { members["id"] = number(id) }
            return .object(members)
        }

        private mutating func number(_ id: JSONValue) -> JSONValue {
            guard let text = id.string else { return id }
            let number = numbers[text] ?? numbers.count
            numbers[text] = number
            return .integer(number)
        }
    }
}
