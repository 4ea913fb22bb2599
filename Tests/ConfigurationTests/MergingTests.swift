import Configuration
import JSON
import Testing

@Suite("Several files and the command line")
struct MergingTests {
    private func merge(_ base: String, _ overlay: String) throws -> ConfigurationNode {
        let reader = ConfigurationReader()
        let first = try reader.node(parsing: base.utf8, file: "base.yaml")
        return first.merging(try reader.node(parsing: overlay.utf8, file: "over.yaml"))
    }

    @Test("mappings are merged by key, other lists and single values are replaced, and each value keeps its origin")
    func deepMerge() throws {
        let node = try merge("a: {b: 1, c: {d: 2}}\nl: [1, 2]\n", "a: {c: {d: 3, e: 4}, f: 5}\nl: [3]\n")
        #expect(node.json == ["a": ["b": 1, "c": ["d": 3, "e": 4], "f": 5], "l": [3]])
        #expect(node["a"]?["b"]?.origin.description == "base.yaml:1")
        #expect(node["a"]?["c"]?["d"]?.origin.description == "over.yaml:1")
    }

    @Test("modules are merged by instance_id or id, else by module, and new ones are appended")
    func modules() throws {
        let node = try merge(
            """
            providers:
              - {module: p, config: {x: 1, y: 1}}
              - {module: p, instance_id: two, config: {x: 2}}
            """,
            """
            providers:
              - {module: p, id: two, config: {y: 22}}
              - {module: p, config: {y: 11}}
              - {module: q}
            """)
        #expect(
            node["providers"]?.json == [
                ["module": "p", "config": ["x": 1, "y": 11]],
                ["module": "p", "instance_id": "two", "config": ["x": 2, "y": 22], "id": "two"],
                ["module": "q"],
            ])
    }

    @Test("a module that one file lists twice stays twice, so that it is reported")
    func duplicatesStay() throws {
        let node = try merge("providers: [{module: p}]", "providers: [{module: p, config: {a: 1}}, {module: p, config: {a: 2}}]")
        #expect(node["providers"]?.sequence?.count == 2)
    }

    @Test("a written null takes a value away, an unset environment variable does not")
    func nulls() throws {
        let reader = ConfigurationReader()
        let base = try reader.node(parsing: "a: 1\nb: 2\n".utf8, file: "base.yaml")
        let over = reader.expandingEnvironment(try reader.node(parsing: "a:\nb: ${NONE}\n".utf8, file: "over.yaml")).node
        #expect(base.merging(over).json == ["a": .null, "b": 2])
    }

    @Test("files are loaded in order, with the problems of all of them")
    func load() throws {
        let paths = try [temporaryFile("a: ${X:-1}\nb: 2\n"), temporaryFile("b: ${NONE}\nc: 3\n")]
        defer { paths.forEach(removeFile) }
        let loaded = try ConfigurationReader().load(paths)
        #expect(loaded.node.json == ["a": 1, "b": 2, "c": 3])
        #expect(loaded.warnings.map(\.code) == [.environment])

        let broken = try [temporaryFile("a: [\n"), temporaryFile("- 1\n"), temporaryFile("c: ${\n")]
        defer { broken.forEach(removeFile) }
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationReader().load(broken + ["no/such.yaml"]) }
        let codes = error?.issues.map(\.code)
        #expect(codes == [.syntax, .invalidValue, .environment, .fileNotFound])
        #expect(error?.isFileNotFound == false)
    }

    private static let overrideCases: [(String, JSONValue)] = [
        ("timeout=5", JSONValue.object(["timeout": 5, "extra": ["k": 1]])), ("extra.k=2", ["timeout": 1, "extra": ["k": 2]]),
        ("extra.l=[a, b]", ["timeout": 1, "extra": ["k": 1, "l": ["a", "b"]]]), ("timeout=", ["timeout": .null, "extra": ["k": 1]]),
        ("timeout.a=1", ["timeout": ["a": 1], "extra": ["k": 1]]),
        ("url=http://h:1/?a=b", ["timeout": 1, "extra": ["k": 1], "url": "http://h:1/?a=b"]),
        ("name=\"7\"", ["timeout": 1, "extra": ["k": 1], "name": "7"]),
        ("a.b={c: d}", ["timeout": 1, "extra": ["k": 1], "a": ["b": ["c": "d"]]]),
    ]

    @Test(
        "--set takes a dotted key and a value in YAML",
        arguments: Self.overrideCases)
    func overrides(_ argument: String, _ expected: JSONValue) throws {
        let node = try parse("timeout: 1\nextra: {k: 1}\n")
        let changed = node.applying(try ConfigurationOverride(parsing: argument))
        #expect(changed.json == expected)
    }

    @Test("a value of --set says so")
    func overrideOrigin() throws {
        let node = try parse("extra: {k: [1]}\n").applying(try ConfigurationOverride(parsing: "extra.k=[2]"))
        #expect(node["extra"]?["k"]?[0]?.origin.description == "--set")
        #expect(node["extra"]?.origin.description == "plan.yaml:1")
        let url = node.applying(ConfigurationOverride(key: "base_url", text: "true", option: "--base-url"))
        #expect(url["base_url"]?.origin.description == "--base-url")
        #expect(url["base_url"]?.json == "true")
    }

    @Test(
        "a --set that cannot be read is refused with what to do",
        arguments: [
            ("timeout", "--set: error: there is no '=' in \"timeout\" (write key=value)"),
            ("=1", "--set: error: \"\" is not a key (write key=value, or key.key=value)"),
            ("a..b=1", "--set: error: \"a..b\" is not a key (write key=value, or key.key=value)"),
            ("a=[1", "--set: error: a: expected ',' or ']' in the list that begins in line 1 (is a ']' missing?)"),
        ])
    func badOverride(_ argument: String, _ message: String) {
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationOverride(parsing: argument) }
        #expect(error?.description == message)
    }
}
