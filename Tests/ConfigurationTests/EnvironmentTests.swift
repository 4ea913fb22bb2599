import Configuration
import JSON
import Testing

@Suite("Environment variables in values")
struct EnvironmentTests {
    private let reader = ConfigurationReader(environment: [
        "HOST": "example.org", "PORT": "8000", "EMPTY": "", "NESTED": "${HOST}", "FLAG": "true", "NOTHING": "null",
    ])

    @Test(
        "references are put in",
        arguments: [
            ("${HOST}", JSONValue.string("example.org")), ("http://${HOST}:${PORT}/v1", "http://example.org:8000/v1"), ("${PORT}", 8000),
            ("\"${PORT}\"", "8000"), ("'${HOST}'", "example.org"), ("${FLAG}", true), ("${NONE:x}", "x"), ("${NONE:-x}", "x"),
            ("${NONE:--x}", "-x"), ("${NONE:-http://a:1/b}", "http://a:1/b"), ("${EMPTY:-x}", "x"), ("${HOST:-x}", "example.org"),
            ("${NONE:-}", .null), ("\"${NONE:}\"", .null), ("a${NONE:-}b", "ab"), ("${NOTHING}", .null), ("\"${NOTHING}\"", "null"),
            ("$${HOST}", "${HOST}"), ("$HOST", "$HOST"), ("a$$b", "a$$b"), ("$", "$"), ("${NONE:-3}", 3),
        ])
    func expansion(_ written: String, _ value: JSONValue) throws {
        let result = reader.expandingEnvironment(try parse("a: \(written)\n"))
        #expect(result.node.json["a"] == value)
        #expect(result.issues.isEmpty)
    }

    @Test("what comes out of a variable is not expanded again")
    func noSecondExpansion() throws {
        let result = reader.expandingEnvironment(try parse("a: ${NESTED}\n"))
        #expect(result.node["a"]?.string == "${HOST}")
    }

    @Test("a variable that is not set and has no default leaves nothing and is named in a warning", arguments: ["NONE", "EMPTY"])
    func unset(_ name: String) throws {
        let result = reader.expandingEnvironment(try parse("a:\n  - ${\(name)}\n  - http://${\(name)}:1\n"))
        #expect(result.node.json == ["a": [.null, "http://:1"]])
        let first = lines(result.issues).first
        #expect(
            first == "plan.yaml:2:5: warning: a[0]: the environment variable \(name) is not set; the value counts as not given "
                + "(set it, or write ${\(name):-default})")
        #expect(result.issues.count == 2)
    }

    @Test("an alias to such a value does not repeat the warning")
    func unsetOnce() throws {
        let issues = reader.expandingEnvironment(try parse("a: &a [\"${NONE}\"]\nb: *a\n")).issues
        #expect(issues.count == 1)
    }

    @Test(
        "a malformed reference is an error with its place",
        arguments: [
            ("${HOST", "the '}' of \"${HOST\" is missing (write ${NAME}, or $${ for the characters ${)"),
            ("x${}", "\"${}\" names no environment variable (write ${NAME}, ${NAME:-default}, or $${ for the characters ${)"),
            ("${1A}", "\"${1A}\" names no environment variable (write ${NAME}, ${NAME:-default}, or $${ for the characters ${)"),
            (
                "${A B:-c}",
                "\"${A B:-c}\" names no environment variable (write ${NAME}, ${NAME:-default}, or $${ for the characters ${)"
            ),
            ("${A:-${B}}", "the default of ${A} holds another reference, which is not supported (write the default as plain text)"),
        ])
    func malformed(_ written: String, _ message: String) throws {
        let result = reader.expandingEnvironment(try parse("b:\n  a: \(written)\n"))
        #expect(lines(result.issues) == ["plan.yaml:2:6: error: b.a: \(message)"])
        #expect(result.node["b"]?["a"]?.string == written)
    }

    @Test("a value remembers the variables that it came from, and where they were named")
    func origins() throws {
        let node = reader.expandingEnvironment(try parse("a: ${HOST}:${PORT}\nb: ${NONE:-x}\nc: ${NONE}\n")).node
        #expect(node["a"]?.origin.description == "environment variables HOST, PORT")
        #expect(node["a"]?.location?.description == "plan.yaml:1:4")
        #expect(node["b"]?.origin.description == "plan.yaml:2")
        #expect(node["c"]?.origin.description == "environment variable NONE")
    }

    @Test("the environment of the process is a dictionary of all its variables")
    func processEnvironment() {
        let environment = ProcessEnvironment.current()
        #expect(environment["PATH"]?.contains("/bin") == true)
    }
}
