public import JSON

extension ProviderError {
    /// The error as an event's data and a plugin's reply carry it: `{"type", "message", …}` with Amplifier's class name as type.
    public var json: JSONValue {
        var object: JSONObject = ["type": .string(code.className), "code": .string(code.description), "message": .string(message)]
        object.set("hint", hint)
        object.set("provider", provider)
        object.set("model", model)
        object.set("status_code", status)
        object["retryable"] = .bool(isRetryable)
        object.set("retry_after", retryAfter.map { $0 / .seconds(1) })
        object.set("request_id", requestID)
        object.set("body", body)
        if !details.isEmpty { object["details"] = .object(details) }
        object.set("partial_response", partialResponse)
        return .object(object)
    }
    /// Reads an error, as a plugin reports it. A `type` that is none of Amplifier's is read by its `code`, and as `other` where that is
    /// unknown too; `details.type` keeps its name. Whether it is retryable follows from the code where it is not said.
    /// - Throws: `ContractError` naming the member that is wrong.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        let type = try members.optional("type", MemberReader.string)
        let name = try members.optional("code", MemberReader.string)
        let known = Code.all.first { $0.className == type } ?? Code.all.first { $0.description == name }
        self.init(
            known ?? .other, try members.required("message", MemberReader.string), hint: try members.optional("hint", MemberReader.string),
            provider: try members.optional("provider", MemberReader.string), model: try members.optional("model", MemberReader.string),
            status: try members.optional("status_code", MemberReader.int),
            isRetryable: try members.optional("retryable", MemberReader.bool),
            details: try members.optional("details", MemberReader.object) ?? [:])
        if known == nil, let text = type ?? name, details["type"] == nil { details["type"] = .string(text) }
        retryAfter = try members.optional("retry_after", Self.delay)
        requestID = try members.optional("request_id", MemberReader.string)
        body = try members.optional("body", MemberReader.string)
        partialResponse = try members.optional("partial_response", ChatResponse.init(json:))
    }

    /// A year at most: nobody waits longer, and what does not fit a `Duration` must not come near one.
    private static func delay(_ json: JSONValue) throws(ContractError) -> Duration {
        .seconds(min(max(try MemberReader.double(json), 0), 31_536_000))
    }
}
