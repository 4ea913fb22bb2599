public import JSON

extension MountPlan {
    /// The JSON Schema (draft 2020-12) of a whole configuration file, in which the configurations of modules with a known schema are
    /// checked, by the module's name.
    public static func jsonSchema(schemas: [String: ConfigurationSchema]) -> JSONValue {
        [
            "$schema": .string(ConfigurationSchema.draft),
            "title": "Mount plan",
            "type": "object",
            "properties": [
                "session": [
                    "description": "The modules that run the session, and settings of the session.",
                    "type": "object",
                    "properties": [
                        "orchestrator": named("The module that runs the conversation: loop-streaming or loop-basic."),
                        "context": named("The module that keeps the conversation: context-simple."),
                    ],
                ],
                "orchestrator": settings("The orchestrator's configuration."),
                "context": settings("The context's configuration."),
                "providers": modules("The providers: the one with the lowest priority number answers, of equal ones the first."),
                "tools": modules("The tools."),
                "hooks": modules("The hooks."),
                "agents": ["description": "Kept as it is, for hosts that know it."],
            ],
            "patternProperties": ["^x-": true],
            "additionalProperties": false,
            "$defs": ["module": module(schemas)],
        ]
    }

    private static func module(_ schemas: [String: ConfigurationSchema]) -> JSONValue {
        let known = schemas.sorted { $0.key < $1.key }
        var module: JSONObject = [
            "type": "object",
            "required": ["module"],
            "properties": [
                "module": ["description": "The module's name.", "type": "string", "examples": .array(known.map { .string($0.key) })],
                "source": ["description": "Where the module comes from, where it is not built in.", "type": ["string", "null"]],
                "instance_id": [
                    "description": "The name of this instance, needed where a module is mounted more than once.",
                    "type": ["string", "null"],
                ],
                "id": ["description": "The same as instance_id.", "type": ["string", "null"]],
                "config": ["description": "The module's configuration.", "type": ["object", "null"]],
            ],
            "additionalProperties": false,
        ]
        if !known.isEmpty { module["allOf"] = .array(known.map { condition($0.key, $0.value) }) }
        return .object(module)
    }

    private static func condition(_ name: String, _ schema: ConfigurationSchema) -> JSONValue {
        var config = schema.jsonSchemaBody
        config["type"] = ["object", "null"]
        return [
            "if": ["properties": ["module": ["const": .string(name)]], "required": ["module"]],
            "then": ["properties": ["config": .object(config)]],
        ]
    }

    private static func named(_ description: JSONValue) -> JSONValue {
        ["description": description, "anyOf": [["type": "string", "minLength": 1], ["$ref": "#/$defs/module"]]]
    }

    private static func settings(_ description: JSONValue) -> JSONValue {
        ["description": description, "type": "object", "properties": ["config": ["type": ["object", "null"]]]]
    }

    private static func modules(_ description: JSONValue) -> JSONValue {
        ["description": description, "type": ["array", "null"], "items": ["$ref": "#/$defs/module"]]
    }
}
