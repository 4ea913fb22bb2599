public import JSON

/// A token of an answer with its log-probability, in one shape for every endpoint.
public struct TokenLogprob: ContractCodable {
    /// The token's text; half a character shows as U+FFFD, so look at `bytes` for the truth.
    public var token: String
    /// The natural logarithm of its probability.
    public var logprob: Double
    /// The token's bytes, where the server gives them.
    public var bytes: [UInt8]?
    /// The most likely tokens at this place, the chosen one among them where the server lists it.
    public var topLogprobs: [Alternative]
    /// The choice that the token belongs to, from 0.
    public var choice: Int
    /// Members that this type does not know.
    public var additional: JSONObject = [:]

    /// A token that the model might have chosen.
    public struct Alternative: Sendable, Hashable {
        /// The token's text.
        public var token: String
        /// The natural logarithm of its probability.
        public var logprob: Double
        /// The token's bytes, where the server gives them.
        public var bytes: [UInt8]?
        /// Members that this type does not know.
        public var additional: JSONObject = [:]

        /// An alternative.
        public init(token: String, logprob: Double, bytes: [UInt8]? = nil) {
            self.token = token
            self.logprob = logprob
            self.bytes = bytes
        }

        fileprivate var members: JSONObject {
            var object: JSONObject = ["token": .string(token), "logprob": .double(logprob)]
            if let bytes { object["bytes"] = .array(bytes.map { .integer(Int($0)) }) }
            return object
        }
    }

    /// A token with its log-probability.
    public init(token: String, logprob: Double, bytes: [UInt8]? = nil, topLogprobs: [Alternative] = [], choice: Int = 0) {
        self.token = token
        self.logprob = logprob
        self.bytes = bytes
        self.topLogprobs = topLogprobs
        self.choice = choice
    }

    /// Reads a token.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        let token = try Alternative(&members)
        self.token = token.token
        logprob = token.logprob
        bytes = token.bytes
        topLogprobs =
            try members.optionalList("top_logprobs") { json throws(ContractError) in
                var members = try MemberReader(json)
                var alternative = try Alternative(&members)
                alternative.additional = members.rest
                return alternative
            } ?? []
        choice = try members.optional("choice", MemberReader.int) ?? 0
        additional = members.rest
    }

    /// The token as JSON, in the shape of OpenAI's chat log-probabilities.
    public var json: JSONValue {
        var object = Alternative(token: token, logprob: logprob, bytes: bytes).members
        object["top_logprobs"] = .array(
            topLogprobs.map { alternative in
                var members = alternative.members
                members.merge(alternative.additional)
                return .object(members)
            })
        if choice != 0 { object["choice"] = .integer(choice) }
        object.merge(additional)
        return .object(object)
    }
}

extension TokenLogprob.Alternative {
    fileprivate init(_ members: inout MemberReader) throws(ContractError) {
        token = try members.required("token", MemberReader.string)
        logprob = try members.required("logprob", MemberReader.double)
        bytes = try members.optionalList("bytes") { json throws(ContractError) in
            guard let byte = json.int.flatMap({ UInt8(exactly: $0) }) else { throw .expected("a byte", json) }
            return byte
        }
    }
}
