import JSON
import Testing

@testable import VLLMProvider

@Suite("Repair of a model's JSON")
struct JSONRepairTests {
    private static let repairable: [(String, JSONValue, [String])] = [
        ("{\"a\": [1, 2,], \"b\": 3,}", ["a": [1, 2], "b": 3] as JSONValue, ["trailing comma"]),
        ("{'a': 'it\"s', 'b': 'don\\'t'}", ["a": "it\"s", "b": "don't"], ["single quotes"]),
        ("{\"a\": True, \"b\": False, \"c\": None}", ["a": true, "b": false, "c": .null], ["Python literal"]),
        ("{\"a\": {\"b\": [1", ["a": ["b": [1]]], ["missing bracket"]),
        ("{\"a\": {\"b\": 1}", ["a": ["b": 1]], ["missing bracket"]), ("{\"a\": [1}", ["a": [1]], ["missing bracket"]),
        ("{\"a\": 1}}", ["a": 1], ["surplus bracket"]), ("```json\n{\"a\": 1}\n```", ["a": 1], ["code fence"]),
        ("{\"a\": 1, // one\n /* two */ \"b\": 2 # three\n}", ["a": 1, "b": 2], ["comment"]),
        ("{\"a\": \"b\nc\td\"}", ["a": "b\nc\td"], ["control character in a string"]),
        ("{a: 1, b_c: \"d\"}", ["a": 1, "b_c": "d"], ["unquoted key"]),
        ("{\"a\": \"x // y, # z, 'q'\"}", ["a": "x // y, # z, 'q'"], []), ("{\"a\": 15, \"b\": -0.5}", ["a": 15, "b": -0.5], []),
    ]

    @Test(
        "mistakes that can be meant in one way only are repaired, and told",
        arguments: repairable)
    func repair(text: String, value: JSONValue, repairs: [String]) {
        let repaired = JSONRepair.repaired(text)
        #expect(repaired?.value == value)
        #expect(repaired?.repairs == repairs)
    }

    @Test(
        "what may be meant in several ways is not",
        arguments: [
            "", "nonsense", "{\"a\": 1} and more", "{\"a\": \"say \"hi\" to\"}", "{\"a\": 1 \"b\": 2}", "{\"a\" 1}", "{\"a\": }",
            "{\"a\": b}",
            "{,}", "{\"a\": 1,,\"b\": 2}", "{\"a\": \"\\x\"}", "/* open", "{\"a\":", "{\"a", "{\"a\": \"b}", "{\"a\": \"b\\n",
            "{\"cmd\": \"rm -rf /tmp", "{'a': 'b}", "{\"a\": \"b\\",
        ])
    func unrepairable(text: String) {
        #expect(JSONRepair.repaired(text)?.value == nil)
    }

    @Test(
        "hostile depth and length are no danger", .timeLimit(.minutes(1)), arguments: ["[", "{\"a\":", "{'", "/*", "\"\\", "}", ",", "```"])
    func hostile(text: String) {
        _ = JSONRepair.repaired(String(repeating: text, count: 20_000))
        _ = JSONRepair.repaired("{\"a\": " + String(repeating: text, count: 20_000))
    }
}
