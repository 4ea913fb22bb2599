import JSON

/// What a server says besides texts, tokens and usage, gathered for the response's metadata under `vllm:` and the server's own keys.
struct AnswerMetadata {
    private struct Choice {
        var finishReason: String?
        var stopReason: JSONValue?
        var fields: JSONObject = [:]
    }

    private var id: String?
    private var model: String?
    private var created: Int?
    private var fields: JSONObject = [:]
    private var choices: [Int: Choice] = [:]

    /// Takes in what a part says; of what several parts say, the last counts.
    mutating func read(_ part: AnswerPart) {
        id = id ?? part.id
        model = model ?? part.model
        created = created ?? part.created
        fields.merge(part.fields)
        for told in part.choices {
            guard told.finishReason != nil || told.stopReason != nil || !told.fields.isEmpty || choices[told.index] == nil else { continue }
            var choice = choices[told.index] ?? Choice()
            choice.finishReason = told.finishReason ?? choice.finishReason
            choice.stopReason = told.stopReason ?? choice.stopReason
            choice.fields.merge(told.fields)
            choices[told.index] = choice
        }
    }

    /// The metadata; `vllm:choices` where there are others than the first, with what the server says of each.
    /// - Parameter finishReason: the normalised finish reason of a choice.
    func json(finishReason: (Int) -> String?) -> JSONObject {
        var metadata: JSONObject = [:]
        metadata["vllm:response_id"] = id.map { .string($0) }
        metadata["vllm:model"] = model.map { .string($0) }
        metadata["vllm:created"] = created.map { .integer($0) }
        for (key, value) in fields { metadata["vllm:\(key)"] = value }
        metadata["vllm:finish_reason"] = choices[0]?.finishReason.map { .string($0) }
        metadata["vllm:stop_reason"] = choices[0]?.stopReason
        if choices.count > 1 || choices[0] == nil && !choices.isEmpty {
            let sorted = choices.sorted { $0.key < $1.key }
            metadata["vllm:choices"] = .array(sorted.map { .object(json($1, index: $0, finishReason: finishReason($0))) })
        } else if let choice = choices[0] {
            for (key, value) in choice.fields { metadata["vllm:\(key)"] = value }
        }
        return metadata
    }

    private func json(_ choice: Choice, index: Int, finishReason: String?) -> JSONObject {
        var json = choice.fields
        json["index"] = .integer(index)
        json["finish_reason"] = finishReason.map { .string($0) } ?? .null
        // The server's own word, where it is another.
        if choice.finishReason != finishReason { json["raw_finish_reason"] = choice.finishReason.map { .string($0) } }
        json["stop_reason"] = choice.stopReason ?? .null
        return json
    }
}
