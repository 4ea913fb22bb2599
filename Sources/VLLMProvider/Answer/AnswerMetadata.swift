import JSON

/// What a server says besides texts, tokens and usage, gathered for the response's metadata under `vllm:` and the server's own keys.
struct AnswerMetadata {
    private struct Choice {
        var finishReason: String?
        var stopReason: JSONValue?
        var fields: JSONObject = [:]

        /// About how many bytes of memory the reasons take.
        var memory: Int { (finishReason?.utf8.count ?? 0) + (stopReason?.memory ?? 0) }
    }

    private var id: String?
    private var model: String?
    private var created: Int?
    private var fields: JSONObject = [:]
    private var choices = ChoiceValues<Choice>()
    /// A choice had a stop reason that is none.
    private var hasUnreadableStopReason = false
    /// About how much memory the fields and reasons take, in bytes.
    private(set) var byteCount = 0

    /// Takes in what a part says; of what several parts say, the last counts.
    mutating func read(_ parts: borrowing Span<AnswerPart>, at index: Int) {
        if id == nil { id = parts[index].id }
        if model == nil { model = parts[index].model }
        if created == nil { created = parts[index].created }
        if !parts[index].fields.isEmpty { byteCount += Self.merge(parts[index].fields, into: &fields) }
        let told = parts[index].choices.span
        for index in told.indices where told[index].saysMetadata || !choices.contains(told[index].index) { read(told[index]) }
    }

    private mutating func read(_ told: AnswerPart.Choice) {
        var choice = choices.take(told.index) ?? Choice()
        byteCount -= choice.memory
        choice.finishReason = told.shortFinishReason ?? choice.finishReason
        choice.stopReason = told.readableStopReason ?? choice.stopReason
        byteCount += choice.memory
        if let reason = told.stopReason, !reason.isNull, told.readableStopReason == nil { hasUnreadableStopReason = true }
        if !told.fields.isEmpty { byteCount += Self.merge(told.fields, into: &choice.fields) }
        choices[told.index] = choice
    }

    /// - Returns: how much memory that takes.
    private static func merge(_ told: JSONObject, into fields: inout JSONObject) -> Int {
        var taken = 0
        for (key, value) in told {
            let known = fields[key]
            if known == value { continue }
            taken += value.memory - (known?.memory ?? -key.utf8.count)
            fields[key] = value
        }
        return taken
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
        if hasUnreadableStopReason { metadata["vllm:unreadable_fields"] = ["stop_reason"] }
        let numbers = choices.numbers
        if numbers.count > 1 || numbers.first ?? 0 != 0 {
            metadata["vllm:choices"] = .array(
                numbers.map { .object(json(choices[$0] ?? Choice(), index: $0, finishReason: finishReason($0))) })
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

extension AnswerPart.Choice {
    /// Whether it says anything that metadata keep.
    fileprivate var saysMetadata: Bool { finishReason != nil || stopReason != nil || !fields.isEmpty }
}
