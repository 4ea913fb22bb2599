public import JSON

extension TokenLogprob {
    /// Reads a token.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        self.init(
            token: try members.required("token", MemberReader.string), logprob: try members.optional("logprob", MemberReader.double),
            bytes: try members.optionalList("bytes", Self.byte), tokenID: try members.optional("token_id", MemberReader.int),
            rank: try members.optional("rank", MemberReader.int),
            topLogprobs: try members.optionalList("top_logprobs", Alternative.init(json:)) ?? [],
            choice: try members.optional("choice", MemberReader.choice) ?? 0)
        blockIndex = try members.optional("block_index", MemberReader.int)
        textOffset = try members.optional("text_offset", MemberReader.int)
        additional = members.rest
    }

    /// The token as JSON: the shape of OpenAI's chat log-probabilities, with `token_id`, `rank`, `choice`, `block_index` and `text_offset`
    /// beside it where there are such.
    public var json: JSONValue {
        var object: JSONObject = ["token": .string(token), "logprob": logprob.map { .double($0) } ?? .null]
        object.set("bytes", bytes?.map { Int($0) })
        object.set("token_id", tokenID)
        object.set("rank", rank)
        object["top_logprobs"] = .array(topLogprobs.map(\.json))
        if choice != 0 { object["choice"] = .integer(choice) }
        object.set("block_index", blockIndex)
        object.set("text_offset", textOffset)
        object.merge(additional)
        return .object(object)
    }

    fileprivate static func byte(_ json: JSONValue) throws(ContractError) -> UInt8 {
        guard let byte = json.int.flatMap({ UInt8(exactly: $0) }) else { throw .expected("a byte", json) }
        return byte
    }
}

extension TokenLogprob.Alternative {
    fileprivate init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        self.init(
            token: try members.required("token", MemberReader.string), logprob: try members.required("logprob", MemberReader.double),
            bytes: try members.optionalList("bytes", TokenLogprob.byte), tokenID: try members.optional("token_id", MemberReader.int),
            rank: try members.optional("rank", MemberReader.int))
        additional = members.rest
    }

    var json: JSONValue {
        var object: JSONObject = ["token": .string(token), "logprob": .double(logprob)]
        object.set("bytes", bytes?.map { Int($0) })
        object.set("token_id", tokenID)
        object.set("rank", rank)
        object.merge(additional)
        return .object(object)
    }
}
