import Configuration
import JSON
import Testing

/// The keys of a provider, as `provider-vllm` has them.
let providerSchema = ConfigurationSchema(
    name: "provider-vllm",
    fields: [
        ConfigurationField(
            "base_url", .string, environmentVariable: "VLLM_BASE_URL",
            requiredMessage: "No base_url found for vLLM provider - this is required", documentation: "The server."),
        ConfigurationField("api_key", .secret, default: "EMPTY", environmentVariable: "VLLM_API_KEY", documentation: "The key."),
        ConfigurationField("default_model", .string, documentation: "The model."),
        ConfigurationField("max_tokens", .int, default: 1024, range: .atLeast(1), documentation: "The longest answer."),
        ConfigurationField("temperature", .number, default: 0.7, range: .between(0, 2), documentation: "The temperature."),
        ConfigurationField("use_completions", .bool, default: true, documentation: "Whether completions are used."),
        ConfigurationField("timeout", .seconds, default: 300.0, range: .above(0), documentation: "The longest time."),
        ConfigurationField("debug", .bool, default: false, documentation: "Whether to log more."),
        ConfigurationField("raw_debug", .bool, default: false, documentation: "Whether to log everything."),
        ConfigurationField("debug_truncate_length", .int, default: 180, range: .atLeast(0), documentation: "The longest value."),
        ConfigurationField("priority", .int, default: 100, documentation: "The lowest wins."),
        ConfigurationField("prompt_format", .choice(["template", "plain"]), default: "template", documentation: "The prompt."),
        ConfigurationField("stop", .stringList, documentation: "Where to stop."),
        ConfigurationField("extra_body", .object, documentation: "Further fields."),
        ConfigurationField("stop_value", .any, documentation: "Anything."),
    ])

@Suite("Typed reading by a schema")
struct SchemaTests {
    private func resolve(_ text: String, _ environment: [String: String] = [:]) throws -> (ConfigurationValues, [String]) {
        let result = providerSchema.resolve(try parse("base_url: u\n" + text), environment: environment, path: "providers[0].config")
        return (result.values, lines(result.issues))
    }

    private static let readings: [(String, String, JSONValue)] = [
        ("debug: \"false\"", "debug", JSONValue.bool(false)), ("debug: no", "debug", false), ("debug: 0", "debug", false),
        ("debug: 'Yes'", "debug", true), ("debug: ON", "debug", true), ("debug: true", "debug", true), ("debug: 1", "debug", true),
        ("max_tokens: \"300\"", "max_tokens", 300), ("max_tokens: 300", "max_tokens", 300), ("max_tokens: 300.0", "max_tokens", 300),
        ("max_tokens: 3e2", "max_tokens", 300), ("max_tokens: 0x10", "max_tokens", 16), ("priority: -5", "priority", -5),
        ("timeout: \"300\"", "timeout", 300.0), ("timeout: 300", "timeout", 300.0), ("timeout: .5", "timeout", 0.5),
        ("timeout: 300s", "timeout", 300.0), ("timeout: 5m", "timeout", 300.0), ("timeout: 1.5h", "timeout", 5400.0),
        ("timeout: 500ms", "timeout", 0.5), ("timeout: 90 s", "timeout", 90.0), ("temperature: 1", "temperature", 1.0),
        ("default_model: 7", "default_model", "7"), ("default_model: true", "default_model", "true"),
        ("prompt_format: PLAIN", "prompt_format", "plain"), ("stop: a", "stop", ["a"]), ("stop: [a, 1]", "stop", ["a", "1"]),
        ("stop: []", "stop", []), ("extra_body: {a: [1, \"2\", yes]}", "extra_body", ["a": [1, "2", "yes"]]),
        ("stop_value: 12", "stop_value", 12), ("api_key: EMPTY", "api_key", "EMPTY"),
        // Not set is not set, however it is written.
        ("max_tokens:", "max_tokens", 1024), ("max_tokens: ~", "max_tokens", 1024), ("max_tokens: \"\"", "max_tokens", 1024),
    ]

    @Test(
        "values are read as a person means them",
        arguments: Self.readings)
    func reading(_ text: String, _ key: String, _ value: JSONValue) throws {
        let (values, issues) = try resolve(text)
        #expect(values[key] == value)
        #expect(issues == [])
    }

    @Test(
        "a value of the wrong type or out of range is an error that says what was expected and what was found",
        arguments: [
            (
                "timeout: \"soon\"",
                "2:10: error: providers[0].config.timeout: expected a number of seconds greater than 0, found \"soon\" "
                    + "(such as 300, 90s or 5m)"
            ),
            (
                "timeout: 0",
                "2:10: error: providers[0].config.timeout: expected a number of seconds greater than 0, found \"0\" "
                    + "(such as 300, 90s or 5m)"
            ),
            ("debug: maybe", "2:8: error: providers[0].config.debug: expected true or false, found \"maybe\""),
            ("max_tokens: 1.5", "2:13: error: providers[0].config.max_tokens: expected a whole number of at least 1, found \"1.5\""),
            ("max_tokens: 0", "2:13: error: providers[0].config.max_tokens: expected a whole number of at least 1, found \"0\""),
            (
                "max_tokens: 99999999999999999999",
                "2:13: error: providers[0].config.max_tokens: expected a whole number of at least 1, found \"99999999999999999999\""
            ),
            ("temperature: 3", "2:14: error: providers[0].config.temperature: expected a number between 0 and 2, found \"3\""),
            ("temperature: .nan", "2:14: error: providers[0].config.temperature: expected a number between 0 and 2, found \".nan\""),
            ("api_key: [a]", "2:10: error: providers[0].config.api_key: expected a text, found a list"),
            ("stop: [[a]]", "2:7: error: providers[0].config.stop: expected a list of texts, found a list (such as [a, b])"),
            ("extra_body: x", "2:13: error: providers[0].config.extra_body: expected a mapping, found \"x\""),
            (
                "prompt_format: plian",
                "2:16: error: providers[0].config.prompt_format: expected one of template, plain, found \"plian\" (did you mean `plain`?)"
            ),
        ])
    func wrongValues(_ text: String, _ message: String) throws {
        let (_, issues) = try resolve(text)
        #expect(issues == ["plan.yaml:\(message)"])
    }

    @Test(
        "an unknown key gets a warning with the nearest known one",
        arguments: [
            ("timeot", "did you mean `timeout`?"), ("baseURL", "did you mean `base_url`?"), ("api-key", "did you mean `api_key`?"),
            ("max_token", "did you mean `max_tokens`?"), ("tiemout", "did you mean `timeout`?"), ("colour", nil), ("n", nil),
        ])
    func unknownKeys(_ key: String, _ hint: String?) throws {
        let (_, issues) = try resolve("\(key): 1")
        #expect(issues == ["plan.yaml:2:1: warning: providers[0].config.\(key): unknown key\(hint.map { " (\($0))" } ?? "")"])
    }

    @Test("all problems are found at once")
    func severalProblems() throws {
        let (values, issues) = try resolve("timeout: soon\ndebug: maybe\nfoo: 1\n")
        #expect(issues.count == 3)
        // The values go on with the defaults, so that further checks have something to look at.
        #expect(values.double("timeout") == 300)
    }

    @Test("a required field says so, with the key and the variable that would serve")
    func required() throws {
        let result = providerSchema.resolve(try parse("debug: true\nbase_url:\n"), path: "providers[0].config")
        #expect(
            lines(result.issues) == [
                "plan.yaml:2:10: error: providers[0].config.base_url: No base_url found for vLLM provider - this is required "
                    + "(set `base_url`, or the environment variable VLLM_BASE_URL)"
            ])
        #expect(providerSchema.resolve(nil).issues.map(\.code) == [.missing])
    }

    @Test("what is configured wins over the field's environment variable, which wins over the default")
    func precedence() throws {
        let environment = ["VLLM_BASE_URL": "http://env", "VLLM_API_KEY": "k"]
        let (values, _) = try resolve("", environment)
        #expect(values.string("base_url") == "u")
        #expect(values.string("api_key") == "k")
        #expect(values.origin(of: "api_key")?.description == "environment variable VLLM_API_KEY")
        #expect(values.origin(of: "base_url")?.description == "plan.yaml:1")
        #expect(values.origin(of: "timeout") == .default)
        let fromEnvironment = providerSchema.resolve(nil, environment: environment)
        #expect(fromEnvironment.values.string("base_url") == "http://env")
        #expect(fromEnvironment.issues.isEmpty)
    }

    @Test("a wrong value that comes from an environment variable names it, at the place of the reference")
    func wrongVariable() throws {
        let reader = ConfigurationReader(environment: ["T": "soon"])
        let node = reader.expandingEnvironment(try parse("base_url: u\ntimeout: ${T}\n")).node
        let issue = try #require(providerSchema.resolve(node).issues.first)
        #expect(
            issue.description == "plan.yaml:2:10: error: config.timeout: expected a number of seconds greater than 0, "
                + "found \"soon\" from the environment variable T (such as 300, 90s or 5m)")
        #expect(
            issue.json == [
                "severity": "error", "code": "invalid_value", "message": .string(issue.message), "key": "config.timeout",
                "file": "plan.yaml", "line": 2, "column": 10, "origin": "environment variable T", "hint": "such as 300, 90s or 5m",
            ])
    }

    @Test("whoever finds more wrong with a value can say so with the key and the place")
    func issues() throws {
        let reader = ConfigurationReader(environment: ["U": "localhost:1"])
        let node = reader.expandingEnvironment(try parse("base_url: ${U}\nextra_body: {a: 1}\nstop: x\n")).node
        let (values, _) = providerSchema.resolve(node, environment: ["VLLM_API_KEY": "k"], path: "providers[0].config")
        let messages = lines([
            values.issue(for: "base_url", "there is no scheme", hint: "write http://localhost:1"), values.issue(for: "stop", "too short"),
            values.issue(for: "extra_body.a", "not this"), values.issue(for: "api_key", "too short"), values.issue(for: "timeout", "odd"),
            values.issue(for: "default_model", "needed"),
        ])
        #expect(
            messages == [
                "plan.yaml:1:11: error: providers[0].config.base_url: there is no scheme; the value is from the environment variable U "
                    + "(write http://localhost:1)",
                "plan.yaml:3:7: error: providers[0].config.stop: too short",
                "plan.yaml:2:13: error: providers[0].config.extra_body.a: not this",
                "environment variable VLLM_API_KEY: error: providers[0].config.api_key: too short",
                "error: providers[0].config.timeout: odd",
                "plan.yaml:1:1: error: providers[0].config.default_model: needed",
            ])
        #expect(values.issue(for: "stop", "").code == .invalidValue)
        #expect(ConfigurationError([values.issue(for: "stop", "too short")]).issues.hasErrors)
        let place = values.origin(of: "stop")?.place
        #expect(place == "plan.yaml:3:7")
    }

    @Test("values come out as the types of their fields")
    func accessors() throws {
        let (values, _) = try resolve("stop: a\nextra_body: {a: 1}\ntimeout: 1500ms\n")
        #expect(values.bool("use_completions") == true)
        #expect(values.int("max_tokens") == 1024)
        #expect(values.duration("timeout") == .milliseconds(1500))
        #expect(values.strings("stop") == ["a"])
        #expect(values.object("extra_body") == ["a": 1])
        #expect(values.string("default_model") == nil)
    }

    @Test("a configuration that comes as JSON is read the same way")
    func json() {
        let json: JSONValue = ["base_url": "u", "timeout": "5m", "max_tokens": 12.0, "debug": "no", "stop": .null, "foo": 1]
        let result = providerSchema.resolve(ConfigurationNode(json: json, origin: .program("host")))
        #expect(result.values.duration("timeout") == .seconds(300))
        #expect(result.values.int("max_tokens") == 12)
        #expect(result.values.bool("debug") == false)
        #expect(lines(result.issues) == ["host: warning: config.foo: unknown key"])
    }

    @Test("something else than a mapping is refused")
    func notAMapping() throws {
        let issues = providerSchema.resolve(try parse("[1]")).issues
        #expect(
            issues.first?.description
                == "plan.yaml:1:1: error: config: expected a mapping, found a list (write `key: value` lines below it)")
    }

    @Test("a choice of few keys is listed where none is near")
    func fewKeys() throws {
        let schema = ConfigurationSchema(name: "x", fields: [ConfigurationField("alpha", .bool, documentation: "A.")])
        let issues = schema.resolve(try parse("zzzzz: 1")).issues
        #expect(issues.first?.hint == "known: alpha")
    }

    @Test("the JSON Schema describes every field, and lets references to environment variables through")
    func jsonSchema() {
        let schema = providerSchema.jsonSchema
        #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema["properties"]?.object?.keys == providerSchema.fields.map(\.key))
        let temperature = schema["properties"]?["temperature"]
        #expect(temperature?["anyOf"]?[0] == ["type": "number", "minimum": 0, "maximum": 2])
        #expect(temperature?["anyOf"]?[1]?["type"] == "string")
        #expect(temperature?["default"] == 0.7)
        let timeout = schema["properties"]?["timeout"]?["anyOf"]?[0]
        #expect(timeout == ["type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000_000])
        let key = schema["properties"]?["api_key"]
        #expect(key?["writeOnly"] == true)
        #expect(key?["description"] == "The key. The environment variable VLLM_API_KEY also serves.")
    }
}
