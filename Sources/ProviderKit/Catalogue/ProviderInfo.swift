public import JSON

/// What a provider says of itself: for lists, and for the questions that a host asks when it is set up.
public struct ProviderInfo: ContractCodable {
    /// The provider's id: `vllm`.
    public var id: String
    /// Its name for people.
    public var displayName: String
    /// Environment variables that hold its credentials.
    public var credentialEnvVars: [String]
    /// What it can do: `streaming`, `tools`, …
    public var capabilities: [String]
    /// The settings in force: `model`, `max_tokens`, `timeout`, `context_window`, …
    public var defaults: JSONObject
    /// What to ask a person who sets it up.
    public var configFields: [ConfigField]
    /// Members that this type does not know.
    public var additional: JSONObject

    /// A provider's description.
    public init(
        id: String, displayName: String, credentialEnvVars: [String] = [], capabilities: [String] = [], defaults: JSONObject = [:],
        configFields: [ConfigField] = [], additional: JSONObject = [:]
    ) {
        self.id = id
        self.displayName = displayName
        self.credentialEnvVars = credentialEnvVars
        self.capabilities = capabilities
        self.defaults = defaults
        self.configFields = configFields
        self.additional = additional
    }

    /// Reads a description.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        id = try members.required("id", MemberReader.string)
        displayName = try members.required("display_name", MemberReader.string)
        credentialEnvVars = try members.optionalList("credential_env_vars", MemberReader.string) ?? []
        capabilities = try members.optionalList("capabilities", MemberReader.string) ?? []
        defaults = try members.optional("defaults", MemberReader.object) ?? [:]
        configFields = try members.optionalList("config_fields", ConfigField.init(json:)) ?? []
        additional = members.rest
    }

    /// The description as JSON.
    public var json: JSONValue {
        var object: JSONObject = ["id": .string(id), "display_name": .string(displayName)]
        object.set("credential_env_vars", credentialEnvVars)
        object.set("capabilities", capabilities)
        object["defaults"] = .object(defaults)
        object.set("config_fields", configFields)
        object.merge(additional)
        return .object(object)
    }
}

/// A setting that a host asks a person for.
public struct ConfigField: ContractCodable {
    /// The setting's key.
    public var id: String
    /// Its name for people.
    public var displayName: String
    /// The question.
    public var prompt: String
    /// How it is asked: `text`, `secret`, `choice` or `boolean`.
    public var fieldType: String
    /// The environment variable that also serves.
    public var envVar: String?
    /// The possible answers of a `choice`.
    public var choices: [String]?
    /// The answer when a person gives none.
    public var defaultValue: String?
    /// Whether there must be an answer.
    public var isRequired: Bool
    /// Members that this type does not know (`show_when`, `requires_model`).
    public var additional: JSONObject

    /// A setting.
    public init(
        id: String, displayName: String, prompt: String, fieldType: String = "text", envVar: String? = nil, choices: [String]? = nil,
        defaultValue: String? = nil, isRequired: Bool = true, additional: JSONObject = [:]
    ) {
        self.id = id
        self.displayName = displayName
        self.prompt = prompt
        self.fieldType = fieldType
        self.envVar = envVar
        self.choices = choices
        self.defaultValue = defaultValue
        self.isRequired = isRequired
        self.additional = additional
    }

    /// Reads a setting.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        id = try members.required("id", MemberReader.string)
        displayName = try members.required("display_name", MemberReader.string)
        prompt = try members.required("prompt", MemberReader.string)
        fieldType = try members.optional("field_type", MemberReader.string) ?? "text"
        envVar = try members.optional("env_var", MemberReader.string)
        choices = try members.optionalList("choices", MemberReader.string)
        defaultValue = try members.optional("default", MemberReader.string)
        isRequired = try members.optional("required", MemberReader.bool) ?? true
        additional = members.rest
    }

    /// The setting as JSON.
    public var json: JSONValue {
        var object: JSONObject = [
            "id": .string(id), "display_name": .string(displayName), "prompt": .string(prompt), "field_type": .string(fieldType),
        ]
        object.set("env_var", envVar)
        object.set("choices", choices)
        object.set("default", defaultValue)
        object["required"] = .bool(isRequired)
        object.merge(additional)
        return .object(object)
    }
}
