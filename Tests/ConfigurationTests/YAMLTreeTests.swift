import Configuration
import JSON
import Testing

@Suite("YAML as a tree")
struct YAMLTreeTests {
    @Test(
        "plain scalars have the types of YAML 1.2, quoted ones are text",
        arguments: [
            ("null", JSONValue.null), ("~", .null), ("", .null), ("true", true), ("FALSE", false), ("yes", "yes"), ("\"true\"", "true"),
            ("12", 12), ("-7", -7), ("0x1F", 31), ("0o17", 15), ("007", 7), ("+5", 5), ("1.5", 1.5), ("-.5", -0.5), ("5.", 5.0),
            ("'12'", "12"), ("1_000", "1_000"), ("1e3x", "1e3x"), (".inf", ".inf"), ("2024-01-02", "2024-01-02"), ("e5", "e5"),
            ("!!str 12", "12"), ("!!int \"12\"", 12), ("!!float 12", 12), ("!!null x", .null), ("! 12", "12"), ("|\n  a\n  b", "a\nb\n"),
        ])
    func scalars(_ written: String, _ value: JSONValue) throws {
        let node = try parse("a: \(written)\n")
        #expect(node.json["a"] == value)
    }

    @Test("each key and value knows its line and column, counted in characters")
    func places() throws {
        let node = try parse("é: [x, {ü: y}]\nproviders:\n  - module: \"m\"\n")
        let inner = try #require(node["é"]?[1])
        #expect(inner["ü"]?.location == SourceLocation(file: "plan.yaml", line: 1, column: 12))
        #expect(inner.mapping?.entry("ü")?.keyOrigin.description == "plan.yaml:1")
        #expect(node["providers"]?[0]?["module"]?.location?.description == "plan.yaml:3:13")
    }

    @Test("keys keep their order")
    func order() throws {
        let keys = try parse("z: 1\na: 2\nm: 3\n").mapping?.keys
        #expect(keys == ["z", "a", "m"])
    }

    @Test("an empty file, and one of comments only, is null", arguments: ["", "# nothing\n", "---\n", "---\n...\n"])
    func empty(_ text: String) throws {
        let node = try parse(text)
        #expect(node.isNull)
    }

    @Test("an alias stands for what its anchor names, and the last anchor of a name counts")
    func aliases() throws {
        let node = try parse("a: &x {k: [1]}\nb: *x\nc: &x 2\nd: *x\ne: &f\ng: *f\n")
        #expect(node.json == ["a": ["k": [1]], "b": ["k": [1]], "c": 2, "d": 2, "e": .null, "g": .null])
        #expect(node["b"]?["k"]?.location?.line == 1)
    }

    @Test("merge keys add what the mapping does not have itself; of several mappings the first counts")
    func mergeKeys() throws {
        let node = try parse(
            """
            base: &base {timeout: 1, debug: true}
            fast: &fast {timeout: 2, retries: 3}
            one: {debug: false, <<: *base}
            two: {<<: [*fast, *base], retries: 4}
            quoted: {"<<": x}
            """)
        #expect(node["one"]?.json == ["debug": false, "timeout": 1])
        #expect(node["two"]?.json == ["retries": 4, "timeout": 2, "debug": true])
        #expect(node["quoted"]?.json == ["<<": "x"])
    }

    @Test("a merge of something else than mappings is refused", arguments: ["<<: 1", "<<: [{}, 1]"])
    func badMerge(_ text: String) {
        let found = problems(text)
        #expect(
            found == [
                "plan.yaml:1:1: error: <<: expected a mapping or a list of mappings to merge, found \"1\" "
                    + "(write `<<: *name` with the anchor of a mapping)"
            ])
    }

    @Test("unknown tags, undefined aliases and cycles are refused, all in one go")
    func references() {
        let found = problems("a: !foo 1\nb: !!set {}\nc: *nowhere\nd: &d [1, *d]\ne: !!int x\nf: !!map [1]\n")
        #expect(
            found == [
                "plan.yaml:1:4: error: a: the tag !foo has no meaning here "
                    + "(remove it, or put quotation marks around a value that begins with '!')",
                "plan.yaml:2:4: error: b: the tag !!set has no meaning here "
                    + "(remove it, or put quotation marks around a value that begins with '!')",
                "plan.yaml:3:4: error: c: there is no anchor &nowhere before this alias "
                    + "(put quotation marks around a value that begins with '*')",
                "plan.yaml:4:11: error: d[1]: the alias *d stands inside of what it refers to",
                "plan.yaml:5:4: error: e: \"x\" does not fit the tag !!int",
                "plan.yaml:6:4: error: f: the tag !!map has no meaning here "
                    + "(remove it, or put quotation marks around a value that begins with '!')",
            ])
    }

    @Test("JSON becomes a tree and comes back unchanged")
    func json() throws {
        let value = try JSONValue(parsing: #"{"b":true,"n":1e-05,"i":12345678901234567890,"t":"1","x":null,"a":[1.0,{}]}"#)
        let node = ConfigurationNode(json: value, origin: .program("host"))
        #expect(node.json == value)
        #expect(node["n"]?.origin.description == "host")
    }
}
