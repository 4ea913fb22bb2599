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
    /// unknown too; `details.type` keeps its name. Whether it is retryable follows from the code where it is not said. Other members that are
    /// not what they should be are kept in `details.unreadable`, so that the error itself is not lost.
    /// - Throws: `ContractError` where it has no message.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        let message = try members.required("message", MemberReader.string)
        var unreadable: JSONObject = [:]
        func member<Value>(_ key: String, _ read: (JSONValue) throws(ContractError) -> Value) -> Value? {
            guard let value = members.take(key) else { return nil }
            do { return try read(value) } catch {
                unreadable[key] = value
                return nil
            }
        }
        let type = member("type", MemberReader.string)
        let name = member("code", MemberReader.string)
        let known = Code.all.first { $0.className == type } ?? Code.all.first { $0.description == name }
        self.init(
            known ?? .other, message, hint: member("hint", MemberReader.string), provider: member("provider", MemberReader.string),
            model: member("model", MemberReader.string), status: member("status_code", MemberReader.int),
            isRetryable: member("retryable", MemberReader.bool), details: member("details", MemberReader.object) ?? [:])
        if known == nil, let text = type ?? name, details["type"] == nil { details["type"] = .string(text) }
        retryAfter = member("retry_after", Self.delay)
        requestID = member("request_id", MemberReader.string)
        body = member("body", MemberReader.string)
        partialResponse = member("partial_response", ChatResponse.init(json:))
        if !unreadable.isEmpty { details["unreadable"] = .object(unreadable) }
    }

    /// A year at most: nobody waits longer, and what does not fit a `Duration` must not come near one.
    private static func delay(_ json: JSONValue) throws(ContractError) -> Duration {
        .seconds(min(max(try MemberReader.double(json), 0), 31_536_000))
    }
}
