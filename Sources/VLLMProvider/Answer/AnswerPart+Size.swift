import JSON
import ToldTokens
import VLLMClient

extension AnswerPart {
    /// About how many bytes of memory it takes, fields included.
    var byteCount: Int {
        choices.reduce(fields.memory) { $0 + $1.byteCount + $1.fields.memory + 8 * ($1.tokenIDs?.count ?? 0) }
    }
}

extension AnswerPart.Choice {
    /// How many bytes its texts, tool calls and tokens have.
    var byteCount: Int {
        var count = (thinking?.utf8.count ?? 0) + (text?.utf8.count ?? 0)
        for call in toolCalls {
            count += (call.id?.utf8.count ?? 0) + (call.name?.utf8.count ?? 0) + (call.arguments?.utf8.count ?? 0)
        }
        if let logprobs { count += logprobs.byteCount }
        return count
    }
}

extension TokenLogprobs {
    /// How many bytes the texts of its tokens and their candidates have.
    fileprivate var byteCount: Int {
        let tokens = tokens.span
        var count = 0
        for index in tokens.indices {
            count += tokens[index].told.text.utf8.count + tokens[index].told.byteCount
            let top = tokens[index].top.span
            for place in top.indices { count += top[place].told.text.utf8.count + top[place].told.byteCount }
        }
        return count
    }
}

extension JSONObject {
    /// About how many bytes of memory the members take.
    var memory: Int { isEmpty ? 0 : reduce(0) { $0 + $1.key.utf8.count + $1.value.memory } }
}

extension JSONValue {
    /// About how many bytes of memory a value takes.
    var memory: Int {
        let own = 48
        return switch self {
        case .string(let text): own + text.utf8.count
        case .number(let number): own + number.literal.utf8.count
        case .array(let elements): elements.reduce(own) { $0 + $1.memory }
        case .object(let members): own + members.memory
        case .null, .bool: own
        }
    }
}
