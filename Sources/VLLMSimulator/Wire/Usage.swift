import JSON

/// Token counts as the endpoints tell them.
struct Usage {
    var prompt: Int
    var completion: Int
    /// How many of the completion's tokens are a thought; `nil` where nobody counts.
    var reasoning: Int?

    /// The counts of a whole answer, with nulls.
    var whole: JSONValue {
        [
            "prompt_tokens": .integer(prompt), "total_tokens": .integer(prompt + completion), "completion_tokens": .integer(completion),
            "prompt_tokens_details": .null, "completion_tokens_details": details ?? .null,
        ]
    }

    /// The counts in a stream, where what is null is left out.
    var streamed: JSONValue {
        var members: JSONObject = [
            "prompt_tokens": .integer(prompt), "total_tokens": .integer(prompt + completion), "completion_tokens": .integer(completion),
        ]
        if let details { members["completion_tokens_details"] = details }
        return .object(members)
    }

    private var details: JSONValue? { reasoning.map { ["reasoning_tokens": .integer($0)] } }
}
