import JSON

/// The ids of tool calls as numbers in the order in which they appear: servers make them up anew for each answer.
struct CallNumbers {
    private var numbers: [String: Int] = [:]

    /// A content block with its id numbered.
    mutating func renumbered(_ block: JSONValue) -> JSONValue {
        guard var members = block.object else { return block }
        let key: String
        switch members["type"]?.string {
        case "tool_call": key = "id"
        case "tool_result": key = "tool_call_id"
        default: return block
        }
        members[key] = members[key].map { number(of: $0) }
        return .object(members)
    }

    /// A message's `tool_call_id`, or its `tool_calls` as loops put them beside the content.
    mutating func renumbered(_ value: JSONValue, under key: String) -> JSONValue {
        guard key == "tool_calls", let calls = value.array else { return number(of: value) }
        var result: [JSONValue] = []
        for call in calls {
            guard var members = call.object else {
                result.append(call)
                continue
            }
            members["id"] = members["id"].map { number(of: $0) }
            result.append(.object(members))
        }
        return .array(result)
    }

    private mutating func number(of id: JSONValue) -> JSONValue {
        guard let text = id.string else { return id }
        let number = numbers[text] ?? numbers.count + 1
        numbers[text] = number
        return .string("call-\(number)")
    }
}
