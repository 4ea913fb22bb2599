import JSON
import ProviderKit
import Testing

@testable import Comparison

@Suite("Tool calls side by side")
struct ToolCallComparisonTests {
    @Test(
        "Arguments are compared by their structure, not by their spelling",
        arguments: [
            (#"{"a":1,"b":2}"#, #"{"b":2,"a":1.0}"#, []),
            (#"{"city":"Paris"}"#, #"{"city":"Lyon"}"#, [#"/city "Paris" "Lyon""#]),
            (#"{"a":[1,{"b":null}]}"#, #"{"a":[1,{"b":false},3]}"#, ["/a/1/b null false", "/a/2 – 3"]),
            (#"{"x":{}}"#, #"{"x":[]}"#, ["/x {} []"]),
            (#"{"a/b~c":1}"#, #"{}"#, ["/a~1b~0c 1 –"]),
            (#"{"n":9007199254740993}"#, #"{"n":9007199254740992}"#, ["/n 9007199254740993 9007199254740992"]),
            (#"{"n":1e400}"#, #"{"n":1e400}"#, []),
            (#"{"s":"\u00e9"}"#, #"{"s":"e\u0301"}"#, ["/s \"\u{E9}\" \"e\u{301}\""]),
        ] as [(String, String, [String])])
    func arguments(_ old: String, _ new: String, _ expected: [String]) throws {
        let found = ValueDifference.between(try JSONValue(parsing: old), try JSONValue(parsing: new))
        #expect(found.map { "\($0.path) \($0.old?.text ?? "–") \($0.new?.text ?? "–")" } == expected)
    }

    @Test("Of very different values, so many differences are told and no more")
    func limit() {
        let old = JSONValue.array((0..<1000).map { .integer($0) })
        let new = JSONValue.array((0..<1000).map { .integer($0 + 1) })
        #expect(ValueDifference.between(old, new).count == ValueDifference.limit)
    }

    @Test(
        "Calls are matched by their tools in order",
        arguments: [
            ("a b", "a b", "a=a b=b"), ("a", "", "a=–"), ("", "a", "–=a"), ("a b c", "a c", "a=a b=– c=c"), ("a", "b", "a=b"),
            ("a c", "a b c", "a=a –=b c=c"),
        ])
    func matching(_ old: String, _ new: String, _ expected: String) {
        let calls = { (names: String) in
            names.split(separator: " ").enumerated().map { ToolCall(id: "\($0)", name: String($1), arguments: [:]) }
        }
        let pairs = ToolCallComparison.matching(calls(old), calls(new))
        #expect(pairs.map { "\($0.old?.name ?? "–")=\($0.new?.name ?? "–")" }.joined(separator: " ") == expected)
        #expect(pairs.allSatisfy(\.isSame) == (old == new))
    }

    @Test("The id of a call makes no difference")
    func ids() {
        let pair = ToolCallComparison(
            old: ToolCall(id: "call_1", name: "f", arguments: ["x": 1]), new: ToolCall(id: "call_2", name: "f", arguments: ["x": 1]))
        #expect(pair.isSame)
    }
}
