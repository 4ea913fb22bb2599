import Foundation
import JSON
import JSONSchema
import Testing

@Suite("Bounds of the work", .timeLimit(.minutes(1))) struct BoundTests {
    /// Arrays within arrays around a value.
    private func nested(_ levels: Int, _ value: String = "") throws -> JSONValue {
        try JSONValue(parsing: String(repeating: "[", count: levels) + value + String(repeating: "]", count: levels))
    }

    @Test("A recursive schema is checked to a depth, and what is deeper is not known")
    func depth() throws {
        let schema = try JSONSchema(JSONValue(parsing: ##"{"type":"array","items":{"$ref":"#"}}"##))
        #expect(try schema.verdict(on: nested(25)) == .fits)
        #expect(try schema.firstProblem(in: nested(24, "1"))?.message == "expected an array, found the number 1")
        for value in [try nested(500), try nested(500, "1")] {
            #expect(schema.verdict(on: value) == .notKnown(reason: "what takes more than 50 schemas inside each other"))
        }
        // What is not that deep is found, whatever is beside it.
        #expect(try schema.firstProblem(in: [nested(500), 1]) != nil)
    }

    @Test("Values too deep to be compared are taken for equal to none that is not as deep, and else are not known")
    func deepValues() throws {
        #expect(try JSONSchema(["const": 1]).firstProblem(in: nested(500)) != nil)
        #expect(try JSONSchema(["const": nested(40)]).verdict(on: nested(40)) == .fits)
        #expect(try JSONSchema(["const": nested(500)]).verdict(on: nested(500)) == .notKnown(reason: "the keyword `const`"))
        #expect(try JSONSchema(["enum": [1, nested(500)]]).verdict(on: 1) == .notKnown(reason: "the keyword `enum`"))
        let unique = try JSONSchema(["uniqueItems": true])
        #expect(try unique.verdict(on: [nested(500), 1]) == .fits)
        #expect(try unique.verdict(on: [["a": nested(500)], 1, nested(500)]) != .fits)
        #expect(try unique.firstProblem(in: [nested(500), 1, 1]) != nil)
    }

    @Test(
        "A thread of 512 KB has stack enough for the deepest check",
        arguments: [
            ##"{"properties":{"a":{"$ref":"#"}}}"##, ##"{"patternProperties":{"a":{"$ref":"#"}}}"##,
            ##"{"additionalProperties":{"not":{"$ref":"#"}}}"##, ##"{"dependentSchemas":{"a":{"properties":{"a":{"$ref":"#"}}}}}"##,
            ##"{"anyOf":[{"oneOf":[{"properties":{"a":{"$ref":"#"}}}]}]}"##, ##"{"if":true,"then":{"properties":{"a":{"$ref":"#"}}}}"##,
            ##"{"enum":[1],"properties":{"a":{"$ref":"#"}}}"##,
        ])
    func stack(schema: String) async throws {
        let schema = try JSONSchema(JSONValue(parsing: schema))
        let value = try JSONValue(parsing: String(repeating: #"{"a":"#, count: 400) + "1" + String(repeating: "}", count: 400))
        let verdict = await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: schema.verdict(on: value)) }
            thread.stackSize = 512 << 10
            thread.start()
        }
        #expect(verdict != .fits)
    }

    @Test("A chain of references longer than the stack is given up, not followed to a crash")
    func chain() throws {
        var definitions = JSONObject((0..<50_000).map { ("d\($0)", ["$ref": .string("#/$defs/d\($0 + 1)")]) })
        definitions["d50000"] = false
        func problem(from start: Int) throws -> JSONSchemaProblem? {
            try JSONSchema(["$ref": .string("#/$defs/d\(start)"), "$defs": .object(definitions)]).firstProblem(in: 1)
        }
        #expect(try problem(from: 49_970) != nil)
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
        // Too many, and too deep.
        #expect(try problem(from: 38) == nil)
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
