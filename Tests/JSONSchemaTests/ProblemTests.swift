import JSON
import JSONSchema
import Testing

@Suite struct ProblemTests {
    @Test(
        "A problem names the place in the value, what was expected and what was found",
        arguments: [
            (#"{"type":"integer"}"#, #""a""#, #"$: expected an integer, found the string "a""#),
            (#"{"type":["string","null"]}"#, "[1]", "$: expected null or a string, found an array"),
            (
                #"{"properties":{"a":{"items":{"properties":{"b":{"type":"boolean"}}}}}}"#, #"{"a":[{"b":true},{"b":0}]}"#,
                "$.a[1].b: expected a boolean, found the number 0"
            ),
            (#"{"additionalProperties":{"type":"null"}}"#, #"{"a b":1}"#, #"$["a b"]: expected null, found the number 1"#),
            (#"{"additionalProperties":false}"#, #"{"é":1}"#, #"$["é"]: the schema has no such member, and allows no other"#),
            (#"{"required":["name"]}"#, "{}", #"$: the member "name" is missing"#),
            (#"{"enum":["a","b"]}"#, #""c""#, #"$: expected one of "a", "b", found the string "c""#),
            (#"{"const":{"a":1}}"#, "null", #"$: expected {"a":1}, found null"#),
            (#"{"minLength":2}"#, #""a""#, "$: expected at least 2 characters, found 1"),
            (#"{"maxItems":1}"#, "[1,2]", "$: expected at most 1 element, found 2"),
            (#"{"contains":{"const":1},"minContains":2}"#, "[1]", "$: expected at least 2 elements that fit `contains`, found 1"),
            (#"{"pattern":"^a$"}"#, #""b""#, #"$: expected a string that matches `^a$`, found the string "b""#),
            (#"{"exclusiveMaximum":3}"#, "3", "$: expected a number of less than 3, found the number 3"),
            (#"{"multipleOf":0.1}"#, "0.15", "$: expected a multiple of 0.1, found the number 0.15"),
            (#"{"uniqueItems":true}"#, "[1,2,1]", "$: the elements 0 and 2 are equal, but all must differ"),
            (
                #"{"propertyNames":{"pattern":"^a"}}"#, #"{"b":1}"#,
                #"$.b: the name: expected a string that matches `^a`, found the string "b""#
            ),
            (#"{"not":{"type":"null"}}"#, "null", "$: null fits the schema under `not`, which it must not"),
            (#"{"oneOf":[true,{},false]}"#, "1", "$: expected to fit one schema of `oneOf`, but fits those at 0 and 1"),
            (
                #"{"anyOf":[{"type":"null"},{"type":"string"}]}"#, "1",
                "$: fits no schema of `anyOf`: expected null, found the number 1; or expected a string, found the number 1"
            ),
            (
                #"{"anyOf":[{"type":"null"},{"properties":{"a":{"type":"null"}}}]}"#, #"{"a":1}"#,
                "$.a: expected null, found the number 1 (the closest of 2 schemas of `anyOf`)"
            ),
        ])
    func description(schema: String, value: String, expected: String) throws {
        let problem = try JSONSchema(JSONValue(parsing: schema)).firstProblem(in: JSONValue(parsing: value))
        #expect(problem?.description == expected)
    }

    @Test("A long value is not repeated whole")
    func excerpts() throws {
        let long = JSONValue.string(String(repeating: "a", count: 10_000))
        let problem = try #require(try JSONSchema(["enum": [long]]).firstProblem(in: ["a", long]))
        #expect(problem.message.count < 200)
    }

    @Test(
        "A malformed schema is refused, with the place in it",
        arguments: [
            ("7", "#: a schema is an object or a boolean, not the number 7"),
            (
                #"{"properties":{"a":{"type":"strnig"}}}"#,
                "#/properties/a/type: expected one of null, boolean, integer, number, string, array, object or an array of them, "
                    + #"found the string "strnig""#
            ),
            (#"{"items":{"anyOf":[{},[]]}}"#, "#/items/anyOf/1: a schema is an object or a boolean, not an array"),
            (#"{"minLength":-1}"#, "#/minLength: expected a whole number that is not negative, found the number -1"),
            (#"{"maxItems":1.5}"#, "#/maxItems: expected a whole number that is not negative, found the number 1.5"),
            (#"{"minimum":"1"}"#, #"#/minimum: expected a number, found the string "1""#),
            (#"{"multipleOf":0}"#, "#/multipleOf: expected a number above 0, found the number 0"),
            (#"{"required":"a"}"#, #"#/required: expected an array of strings, found the string "a""#),
            (#"{"required":[1]}"#, "#/required: expected an array of strings, found an array"),
            (#"{"properties":{"a/b":{"pattern":1}}}"#, "#/properties/a~1b/pattern: expected a string, found the number 1"),
            (##"{"$ref":"#/$defs/none"}"##, "#/$ref: there is no `#/$defs/none` in the schema"),
            (
                #"{"$ref":"https://example.com/s"}"#,
                "#/$ref: `https://example.com/s` is not in this schema: only `#` and `#/…` can be followed"
            ),
            (##"{"$ref":"#"}"##, "#: refers to itself without end"),
            (##"{"dependentSchemas":{"a":{"$ref":"#"}}}"##, "#: refers to itself without end"),
            (#"{"dependentRequired":{"a":{}}}"#, "#/dependentRequired/a: expected an array of strings, found an object"),
            (
                ##"{"properties":{"x":{"$ref":"#/$defs/a"}},"$defs":{"a":{"anyOf":[true,{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}}}"##,
                "#/properties/x: refers to itself without end"
            ),
        ])
    func malformed(schema: String, expected: String) throws {
        let value = try JSONValue(parsing: schema)
        let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(value) }
        #expect(error?.description == "JSON Schema, \(expected)")
    }
}
