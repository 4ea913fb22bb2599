public import JSON

/// A model that a provider serves.
public struct ModelInfo: ContractCodable {
    /// The model's id, as requests name it.
    public var id: String
    /// Its name for people.
    public var displayName: String
    /// How many tokens a conversation and its answer may have together; 0 where the server does not tell.
    public var contextWindow: Int
    /// How many tokens an answer may have; 0 where neither this nor the context window is known.
    public var maxOutputTokens: Int
    /// What it can do: `tools`, `streaming`, `thinking`, `vision`, `json_mode`, …
    public var capabilities: [String]
    /// Settings that suit it.
    public var defaults: JSONObject
    /// What it costs; `nil` for models that are served by oneself.
    public var pricing: Pricing?
    /// Members that this type does not know.
    public var additional: JSONObject

    /// A model.
    public init(
        id: String, displayName: String, contextWindow: Int, maxOutputTokens: Int, capabilities: [String] = [],
        defaults: JSONObject = [:], pricing: Pricing? = nil, additional: JSONObject = [:]
    ) {
        self.id = id
        self.displayName = displayName
        self.contextWindow = contextWindow
        self.maxOutputTokens = maxOutputTokens
        self.capabilities = capabilities
        self.defaults = defaults
        self.pricing = pricing
        self.additional = additional
    }

    /// Reads a model.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        id = try members.required("id", MemberReader.string)
        displayName = try members.required("display_name", MemberReader.string)
        contextWindow = try members.required("context_window", MemberReader.int)
        maxOutputTokens = try members.required("max_output_tokens", MemberReader.int)
        capabilities = try members.optionalList("capabilities", MemberReader.string) ?? []
        defaults = try members.optional("defaults", MemberReader.object) ?? [:]
        pricing = try members.optional("pricing", Pricing.init(json:))
        additional = members.rest
    }

    /// The model as JSON.
    public var json: JSONValue {
        var object: JSONObject = [
            "id": .string(id), "display_name": .string(displayName), "context_window": .integer(contextWindow),
            "max_output_tokens": .integer(maxOutputTokens), "capabilities": .array(capabilities.map { .string($0) }),
            "defaults": .object(defaults),
        ]
        object.set("pricing", pricing)
        object.merge(additional)
        return .object(object)
    }
}

/// What a model costs for a million tokens.
public struct Pricing: ContractCodable {
    /// For prompts.
    public var inputPerMillion: Double
    /// For answers.
    public var outputPerMillion: Double
    /// For prompt tokens found in the cache.
    public var cacheReadPerMillion: Double?
    /// For prompt tokens put into the cache.
    public var cacheWritePerMillion: Double?
    /// The currency: three letters, `USD` by default.
    public var currency: String
    /// Members that this type does not know.
    public var additional: JSONObject

    /// A price list in US dollars, or in another currency.
    public init(
        inputPerMillion: Double, outputPerMillion: Double, cacheReadPerMillion: Double? = nil, cacheWritePerMillion: Double? = nil,
        currency: String = "USD", additional: JSONObject = [:]
    ) {
        self.inputPerMillion = inputPerMillion
        self.outputPerMillion = outputPerMillion
        self.cacheReadPerMillion = cacheReadPerMillion
        self.cacheWritePerMillion = cacheWritePerMillion
        self.currency = currency
        self.additional = additional
    }

    /// Reads a price list.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        inputPerMillion = try members.required("input_per_million", MemberReader.double)
        outputPerMillion = try members.required("output_per_million", MemberReader.double)
        cacheReadPerMillion = try members.optional("cache_read_per_million", MemberReader.double)
        cacheWritePerMillion = try members.optional("cache_write_per_million", MemberReader.double)
        currency = try members.optional("currency", MemberReader.string) ?? "USD"
        additional = members.rest
    }

    /// The price list as JSON.
    public var json: JSONValue {
        var object: JSONObject = ["input_per_million": .double(inputPerMillion), "output_per_million": .double(outputPerMillion)]
        object.set("cache_read_per_million", cacheReadPerMillion)
        object.set("cache_write_per_million", cacheWritePerMillion)
        object["currency"] = .string(currency)
        object.merge(additional)
        return .object(object)
    }
}
