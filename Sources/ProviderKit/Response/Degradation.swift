public import JSON

/// What a provider could not do as asked, and did instead.
public struct Degradation: ContractCodable {
    /// What was asked for.
    public var requested: String
    /// What was done.
    public var actual: String
    /// Why.
    public var reason: String
    /// Members that this type does not know.
    public var additional: JSONObject

    /// A degradation.
    public init(requested: String, actual: String, reason: String, additional: JSONObject = [:]) {
        self.requested = requested
        self.actual = actual
        self.reason = reason
        self.additional = additional
    }

    /// Several degradations as one, since an answer has room for one; `nil` for none.
    public init?(joining all: [Degradation]) {
        guard let first = all.first else { return nil }
        self = first
        for next in all.dropFirst() {
            requested += "; \(next.requested)"
            actual += "; \(next.actual)"
            reason += "; \(next.reason)"
            additional.merge(next.additional)
        }
    }

    /// Reads a degradation.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        requested = try members.required("requested", MemberReader.string)
        actual = try members.required("actual", MemberReader.string)
        reason = try members.required("reason", MemberReader.string)
        additional = members.rest
    }

    /// The degradation as JSON.
    public var json: JSONValue {
        var object: JSONObject = ["requested": .string(requested), "actual": .string(actual), "reason": .string(reason)]
        object.merge(additional)
        return .object(object)
    }
}
