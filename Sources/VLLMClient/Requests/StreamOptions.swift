import JSON

/// What a stream tells beside the text.
public struct StreamOptions: Sendable, Hashable {
    /// Sends the usage in a last chunk without choices.
    public var includeUsage: Bool?
    /// Sends the usage so far in every chunk.
    public var continuousUsageStats: Bool?

    /// Options; a `nil` is not sent.
    public init(includeUsage: Bool? = nil, continuousUsageStats: Bool? = nil) {
        self.includeUsage = includeUsage
        self.continuousUsageStats = continuousUsageStats
    }

    var json: JSONObject {
        var body = RequestBody()
        body.set("include_usage", includeUsage)
        body.set("continuous_usage_stats", continuousUsageStats)
        return body.object
    }
}
