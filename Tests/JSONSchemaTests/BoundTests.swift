import JSON
import JSONSchema
import Testing

@Suite("Bounds of the work", .timeLimit(.minutes(1))) struct BoundTests {
    @Test("A recursive schema is checked to the depth that JSON is read to")
    func depth() throws {
        let schema = try JSONSchema(JSONValue(parsing: ##"{"type":"array","items":{"$ref":"#"}}"##))
        let arrays = String(repeating: "[", count: 511)
        let fitting = try JSONValue(parsing: arrays + String(repeating: "]", count: 511))
        #expect(schema.firstProblem(in: fitting) == nil)
        let failing = try JSONValue(parsing: arrays + "1" + String(repeating: "]", count: 511))
        #expect(schema.firstProblem(in: failing)?.message == "expected an array, found the number 1")
    }

    @Test("A chain of references longer than the stack is given up, not followed to a crash")
    func chain() throws {
        var definitions = JSONObject((0..<50_000).map { ("d\($0)", ["$ref": .string("#/$defs/d\($0 + 1)")]) })
        definitions["d50000"] = false
        func problem(from start: Int) throws -> JSONSchemaProblem? {
            try JSONSchema(["$ref": .string("#/$defs/d\(start)"), "$defs": .object(definitions)]).firstProblem(in: 1)
        }
        #expect(try problem(from: 49_000) != nil)
        #expect(try problem(from: 0) == nil)
    }

    @Test("Alternatives that double with every level are given up, also under `not`")
    func alternatives() throws {
        var definitions: JSONObject = ["d60": true]
        for level in 0..<60 {
            let next: JSONValue = ["$ref": .string("#/$defs/d\(level + 1)")]
            definitions["d\(level)"] = ["allOf": [next, next]]
        }
        func problem(from start: Int) throws -> JSONSchemaProblem? {
            try JSONSchema(["not": ["$ref": .string("#/$defs/d\(start)")], "$defs": .object(definitions)]).firstProblem(in: 1)
        }
        #expect(try problem(from: 50) != nil)
        #expect(try problem(from: 0) == nil)
    }

    @Test("A value of many elements is checked whole")
    func breadth() throws {
        let schema = try JSONSchema(["items": ["type": "integer"], "uniqueItems": true])
        var values = (0..<100_000).map { JSONValue.integer($0) }
        #expect(schema.firstProblem(in: .array(values)) == nil)
        values[99_999] = 5
        #expect(schema.firstProblem(in: .array(values))?.message == "the elements 5 and 99999 are equal, but all must differ")
    }

    @Test(
        "Patterns over which backtracking would take for ever are matched at once",
        arguments: ["(a+)+$", "(a|a)*$", "(a|aa)+$", "a*a*a*a*a*a*a*a*$", "(.*a){12}$", "((a*)*)*$"])
    func patterns(pattern: String) throws {
        let schema = try JSONSchema(["pattern": .string("^" + pattern)])
        let text = String(repeating: "a", count: 2000)
        #expect(schema.firstProblem(in: .string(text)) == nil)
        #expect(schema.firstProblem(in: .string(text + "b")) != nil)
    }
}
