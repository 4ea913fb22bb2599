import Configuration
import JSON
import Testing

@Suite("Keys that say the same in different ways")
struct RivalKeyTests {
    private static let schema = ConfigurationSchema(
        name: "module",
        fields: [
            ConfigurationField(
                "key", .secret, default: "EMPTY", environmentVariable: "KEY", rivals: ["key_file", "key_command"],
                documentation: "The key."),
            ConfigurationField("key_file", .string, rivals: ["key", "key_command"], documentation: "Its file."),
            ConfigurationField("key_command", .stringList, rivals: ["key", "key_file"], documentation: "Its command."),
        ])

    @Test(
        "the one that is set counts, without the environment and the default of another",
        arguments: [
            ("{}", [:], ["key": "EMPTY"]), ("{}", ["KEY": "e"], ["key": "e"]), ("key: k", ["KEY": "e"], ["key": "k"]),
            ("key_file: f", ["KEY": "e"], ["key_file": "f"]), ("key_command: c", [:], ["key_command": ["c"]]),
            ("{key_file: f, key: null, key_command: ''}", [:], ["key_file": "f"]),
        ] as [(String, [String: String], JSONValue)])
    func values(yaml: String, environment: [String: String], expected: JSONValue) throws {
        let node = try parse(yaml)
        let (values, issues) = Self.schema.resolve(node, environment: environment)
        let found = JSONObject(Self.schema.fields.compactMap { field in values[field.key].map { (field.key, $0) } })
        #expect(.object(found) == expected)
        #expect(issues == [])
        // What is shown is what counts.
        let shown = JSONObject(
            (Self.schema.effective(node, environment: environment).mapping ?? ConfigurationMapping()).map { ($0.key, $0.value.json) })
        for (key, value) in found { #expect(shown[key] == value || key == "key_command") }
        #expect(shown["key"] == found["key"] || shown["key"]?.isNull == true)
    }

    @Test("two that are set are one error, which tells both places")
    func conflicts() throws {
        let (_, issues) = Self.schema.resolve(try parse("key: k\nkey_command: c\n"), path: "config")
        #expect(
            lines(issues) == [
                "plan.yaml:1:6: error: config.key: `key_command` is set, too (plan.yaml:2:14), and at most one of them may be "
                    + "(remove one, or set it to null)"
            ])
    }

    @Test("the command line takes the place of all of them, and of several options the last")
    func overrides() throws {
        func applied(_ settings: [String]) throws -> JSONValue? {
            let overrides = try settings.map { try ConfigurationOverride(parsing: $0) }
            let node = Self.schema.withoutRivals(overrides).reduce(try parse("{key_command: c, other: 1}")) { $0.applying($1) }
            let (values, issues) = Self.schema.resolve(node)
            #expect(!issues.hasErrors)
            return values["key"] ?? values["key_file"] ?? values["key_command"]
        }
        #expect(try applied([]) == ["c"])
        #expect(try applied(["other=2"]) == ["c"])
        #expect(try applied(["key=k"]) == "k")
        #expect(try applied(["key=k", "key_file=f"]) == "f")
        #expect(try applied(["key_file=f", "key=k"]) == "k")
    }

    @Test("a credential in a place where none belongs is not repeated in the message")
    func found() throws {
        let schema = ConfigurationSchema(name: "m", fields: [ConfigurationField("headers", .object, documentation: "Fields.")])
        let (_, issues) = schema.resolve(try parse("headers: 'Authorization: Bearer planted-1'"))
        #expect(issues.first?.message == #"expected a mapping, found "Authorization: Bearer [REDACTED]""#)
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationOverride(parsing: "api_key: planted-1") }
        #expect(error.map { "\($0)" }?.contains("planted") == false)
    }
}
