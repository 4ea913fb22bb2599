import Configuration
import Testing

@Suite("YAML that cannot be read")
struct YAMLSyntaxTests {
    @Test(
        "libyaml's problem becomes a sentence with the place and what to do",
        arguments: [
            ("a:\n\tb: 1\n", "plan.yaml:2:1: error: a tab is used for indentation, which YAML does not allow (use spaces)"),
            (
                "base_url http://x\ntimeout: 3\n",
                "plan.yaml:2:8: error: a ':' is not allowed here (check the indentation and the line above, or put quotation marks "
                    + "around a value that holds ': ')"
            ),
            ("a: 1\nb\nc: 2\n", "plan.yaml:2:1: error: there is no ':' behind this key (write `key: value`)"),
            (
                "a:\n    b: 1\n  c: 2\n",
                "plan.yaml:3:3: error: expected a key here (keys of one mapping must begin in the same column)"
            ),
            ("a:\n  - 1\n  b: 2\n", "plan.yaml:3:3: error: expected '-' here (items of one list must begin in the same column)"),
            ("a: - 1\n", "plan.yaml:1:4: error: a list item is not allowed here (begin the list on a line of its own)"),
            ("a: [1, 2\nb: 3\n", "plan.yaml:2:2: error: expected ',' or ']' in the list that begins in line 1 (is a ']' missing?)"),
            ("a: {b: 1\nc: 2\n", "plan.yaml:2:2: error: expected ',' or '}' in the mapping that begins in line 1 (is a '}' missing?)"),
            (
                "a: {b: ${C}}\n",
                "plan.yaml:1:9: error: expected ',' or '}' in the mapping that begins in line 1 "
                    + "(put quotation marks around a value with ${…})"
            ),
            ("a: ${X: y}\n", "plan.yaml:1:7: error: a ':' is not allowed here (put quotation marks around a value with ${…})"),
            ("a: \"x\nb: 1\n", "plan.yaml:1:4: error: this quotation mark is never closed"),
            (
                "a: \"\\q\"\n",
                "plan.yaml:1:5: error: unknown escape after '\\' (write '\\\\' for a backslash, or use single quotation marks)"
            ),
            ("a: @x\n", "plan.yaml:1:4: error: a value cannot begin with '@' (put quotation marks around it)"),
            ("a: }\n", "plan.yaml:1:4: error: a value cannot begin with '}' (put quotation marks around it)"),
            (
                "a: !x!y 1\n", "plan.yaml:1:4: error: unknown tag (put quotation marks around a value that begins with '!')"
            ),
            (
                "é: \u{1}\n",
                "plan.yaml:1:4: error: the file holds a control character (U+0001), which YAML does not allow "
                    + "(write it as an escape in double quotes)"
            ),
            ("a: 1\n---\nb: 2\n", "plan.yaml:2:1: error: a second document begins here (a file holds one; remove the '---')"),
        ])
    func sentences(_ text: String, _ expected: String) {
        #expect(problems(text) == [expected])
    }

    @Test("duplicate keys are refused with both places, and the rest of the file is looked at too")
    func duplicates() {
        let found = problems("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\na: 2\n")
        #expect(
            found == [
                "plan.yaml:5:3: error: b.c: the key is there twice; the first is in line 3, column 3 (remove one of them)",
                "plan.yaml:6:1: error: a: the key is there twice; the first is in line 1, column 1 (remove one of them)",
            ])
    }

    @Test(
        "keys must be single texts",
        arguments: [
            ("{a: 1}: 2\n", "a key must be a single value, not a mapping"), ("? [a]\n: 1\n", "a key must be a single value, not a list"),
            ("\"\": 1\n", "a key must not be empty"), ("? \n: 1\n", "a key is missing before the ':'"),
        ])
    func keys(_ text: String, _ message: String) {
        let found = problems(text)
        let fits = found.count == 1 && found[0].contains(message)
        #expect(fits, "\(found)")
    }

    @Test("a byte that is not UTF-8 is refused with its place")
    func invalidUTF8() {
        let bytes = Array("# é\nname: ü".utf8) + [0xC3] + Array("x\n".utf8)
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationReader().node(parsing: bytes, file: "plan.yaml")
        }
        #expect(error?.description == "plan.yaml:2:8: error: a byte here is not UTF-8 (save the file as UTF-8)")
    }

    @Test("UTF-16 is refused by name, and a byte order mark of UTF-8 is skipped")
    func byteOrderMarks() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationReader().node(parsing: [0xFF, 0xFE, 0x61, 0], file: "plan.yaml")
        }
        #expect(error?.description == "plan.yaml:1:1: error: the file is in UTF-16 (save it as UTF-8)")
        let node = try parse("\u{FEFF}a: 1\n")
        #expect(node.mapping?.entry("a")?.keyOrigin.location?.column == 1)
    }

    @Test("every prefix of a configuration is read or refused with a place, at every byte")
    func prefixes() throws {
        let text = """
            # comment
            x-base: &base {timeout: 300, "stop": ['a', "b\\n"]}
            session: {orchestrator: loop-streaming, context: !!str simple}
            providers:
              - module: provider-vllm
                config:
                  <<: [*base, {é: 漢字}]
                  base_url: ${VLLM_BASE_URL:-http://127.0.0.1:8000}
                  text: |
                    two
                    lines
            """
        let bytes = Array(text.utf8)
        var refused = 0
        for length in 0...bytes.count {
            do {
                _ = try ConfigurationReader().node(parsing: bytes.prefix(length), file: "plan.yaml")
            } catch {
                refused += 1
                let isPlaced = error.issues.allSatisfy { $0.location != nil }
                #expect(isPlaced, "\(error)")
            }
        }
        #expect(refused > 0)
        #expect(problems(text) == [])
    }
}
