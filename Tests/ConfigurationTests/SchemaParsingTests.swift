import Configuration
import JSON
import Testing

@Suite("Schemas read from JSON Schema")
struct SchemaParsingTests {
    private func schema(_ text: String) throws -> ConfigurationSchema {
        try ConfigurationSchema(jsonSchema: JSONValue(parsing: text), name: "provider-x")
    }

    private func field(_ text: String) throws -> ConfigurationField? {
        try schema(#"{"type": "object", "properties": {"key": \#(text)}}"#)["key"]
    }

    @Test("what is written comes back the same")
    func roundTrip() throws {
        let read = try ConfigurationSchema(jsonSchema: JSONValue(parsing: providerSchema.jsonSchema.text), name: providerSchema.name)
        #expect(read == providerSchema)
    }

    private static let types: [ConfigurationFieldType] = [
        .string, .secret, .bool, .int, .number, .seconds, .stringList, .intList, .objectList, .choice(["a", "b"]), .object, .any,
        .oneOf([.string, .stringList]), .oneOf([.int, .choice(["auto"])]), .oneOf([.bool, .object]),
        .oneOf([.seconds, .choice(["never"])]),
        .oneOf([.intList, .bool]),
    ]

    @Test("each type comes back, with each kind of range", arguments: types)
    func type(type: ConfigurationFieldType) throws {
        let ranges: [ConfigurationRange?] = [nil, .atLeast(1), .above(0), .between(0, 2.5)]
        let fields = ranges.enumerated().map { index, range in
            ConfigurationField("key\(index)", type, range: type.isNumber ? range : nil, documentation: "A key.")
        }
        let schema = ConfigurationSchema(name: "provider-x", fields: fields)
        #expect(try ConfigurationSchema(jsonSchema: JSONValue(parsing: schema.jsonSchema.text), name: "provider-x") == schema)
    }

    private static let foreign: [(String, ConfigurationFieldType)] = [
        (#"{"type": "string"}"#, .string), (#"{"type": "string", "writeOnly": true}"#, .secret), (#"{"type": "boolean"}"#, .bool),
        (#"{"type": "integer"}"#, .int), (#"{"type": ["integer", "null"]}"#, .int),
        (#"{"type": ["integer", "string"]}"#, .oneOf([.int, .string])),
        (#"{"type": "number"}"#, .number), (#"{"type": "object", "properties": {}}"#, .object),
        (#"{"enum": ["a", "b"]}"#, .choice(["a", "b"])),
        (#"{"const": "a"}"#, .choice(["a"])), (#"{"enum": ["a", null]}"#, .choice(["a"])), (#"{"enum": [1, 2]}"#, .any),
        (#"{"type": "array", "items": {"type": "string"}}"#, .stringList), (#"{"type": "array"}"#, .any),
        (#"{"type": "array", "items": {"type": "array"}}"#, .any),
        (#"{"oneOf": [{"type": "integer"}, {"type": "boolean"}]}"#, .oneOf([.int, .bool])),
        (#"{"anyOf": [{"type": "integer"}, {"$ref": "x"}]}"#, .any), (#"{"$ref": "x"}"#, .any), (#"{"not": {}}"#, .any), ("true", .any),
        (#"{"type": "weather"}"#, .any), (#"{"anyOf": []}"#, .any), (#"{"anyOf": [{"type": "null"}]}"#, .any),
        (#"{"type": ["integer", "number"], "minimum": 1}"#, .oneOf([.int, .number])),
    ]

    @Test("other schemas are taken as far as they are understood, and the rest restricts nothing", arguments: foreign)
    func other(text: String, type: ConfigurationFieldType) throws { #expect(try field(text)?.type == type) }

    @Test("what must be there is asked for, and ranges and defaults count")
    func required() throws {
        let schema = try schema(
            #"{"properties": {"a": {"type": "integer", "minimum": 1, "maximum": 5}, "b": {"default": 7}, "c": {"default": null}}, "#
                + #""required": ["a"], "additionalProperties": false}"#)
        let (values, issues) = schema.resolve(nil, path: "config")
        #expect(issues.map(\.description) == ["error: config.a: there is no value (set `a`)"])
        #expect(values["b"] == 7)
        #expect(values["c"] == nil)
        let wrong = schema.resolve(try parse("{a: 6, d: 1}"), path: "config").issues
        #expect(wrong.map(\.message) == ["expected a whole number between 1 and 5, found \"6\"", "unknown key"])
    }

    @Test("what is no schema of a mapping is an error", arguments: ["[]", "5", #"{"type": "array"}"#, #"{"type": ["string", "null"]}"#])
    func noSchema(text: String) { #expect(throws: ConfigurationIssue.self) { _ = try schema(text) } }

    @Test("schemas inside of schemas are not followed for ever")
    func deep() throws {
        let depth = 10_000
        let text =
            String(repeating: #"{"anyOf":["#, count: depth / 100) + #"{"type":"integer"}"# + String(repeating: "]}", count: depth / 100)
        #expect(try field(text)?.type == .any)
    }

    @Test("a configuration for another program has the types that its fields take, and keeps what they do not")
    func json() throws {
        let node = try parse("{base_url: 007, max_tokens: '5', timeout: 5m, temperature: 9, other: yes, extra_body: {a: 007}, stop: ~}")
        let json = providerSchema.json(of: node)
        let expected: JSONObject = [
            "base_url": "007", "max_tokens": 5, "timeout": 300.0, "temperature": 9, "other": "yes", "extra_body": ["a": 7], "stop": .null,
        ]
        #expect(json == expected)
    }

    @Test(
        "a schema that allows other keys, or does not say, makes none unknown",
        arguments: [
            ("{}", true), (#"{"additionalProperties": true}"#, true), (#"{"additionalProperties": {"type": "integer"}}"#, true),
            (#"{"additionalProperties": false}"#, false), (#"{"additionalProperties": false, "patternProperties": {}}"#, true),
        ])
    func otherKeys(text: String, isAllowed: Bool) throws {
        let schema = try self.schema(text)
        #expect(schema.resolve(try parse("{any: 1}"), path: "config").issues.isEmpty == isAllowed)
        #expect(try ConfigurationSchema(jsonSchema: schema.jsonSchema, name: "provider-x") == schema)
    }

    @Test(
        "what a schema marks as secret at any depth is hidden, whatever its type",
        arguments: [
            ##"{"type": "string", "format": "password"}"##, ##"{"writeOnly": true, "$ref": "#/$defs/none"}"##,
            ##"{"$ref": "#/$defs/key"}"##,
            ##"{"type": "array", "items": {"type": "string"}, "writeOnly": true}"##,
            ##"{"type": "array", "items": {"type": "string", "writeOnly": true}}"##,
            ##"{"anyOf": [{"type": "null"}, {"$ref": "#/$defs/loop"}]}"##,
        ])
    func secrets(property: String) throws {
        let schema = try self.schema(
            ##"{"properties": {"x": \##(property), "y": {"type": "string"}}, "$defs": {"key": {"type": "string", "writeOnly": true}, "##
                + ##""loop": {"anyOf": [{"$ref": "#/$defs/loop"}, {"$ref": "#/$defs/key"}]}}}"##)
        #expect(schema.secretKeys == ["x"])
        let shown = try parse("{x: [swordfish], y: [open]}").maskingSecrets(keys: schema.secretKeys)
        #expect(shown["x"]?[0]?.string == "[REDACTED]")
        #expect(shown["y"]?[0]?.string == "open")
    }

    @Test("a secret of any type comes back as one")
    func secretRoundTrip() throws {
        let schema = ConfigurationSchema(
            name: "x", fields: [ConfigurationField("keys", .stringList, isSecret: true, documentation: "Keys.")])
        #expect(try ConfigurationSchema(jsonSchema: schema.jsonSchema, name: "x") == schema)
    }
}

extension ConfigurationFieldType {
    fileprivate var isNumber: Bool {
        switch self {
        case .int, .number, .seconds, .intList: true
        default: false
        }
    }
}
