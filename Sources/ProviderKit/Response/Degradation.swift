public import JSON

/// What a provider could not do as asked, and did instead.
public struct Degradation: ContractCodable {
    /// What was asked for.
    public var requested: String
    /// What was done.
    public var actual: String
    /// Why.
    public var reason: String

    /// A degradation.
    public init(requested: String, actual: String, reason: String) {
        self.requested = requested
        self.actual = actual
        self.reason = reason
    }

    /// Reads a degradation.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        requested = try members.required("requested", MemberReader.string)
        actual = try members.required("actual", MemberReader.string)
        reason = try members.required("reason", MemberReader.string)
    }

    /// The degradation as JSON.
    public var json: JSONValue {
        ["requested": .string(requested), "actual": .string(actual), "reason": .string(reason)]
    }
}
