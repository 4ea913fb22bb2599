import JSON
import JSONSchema
import Testing

@Suite("A verdict on a value") struct VerdictTests {
    private func verdict(_ schema: String, _ value: String) throws -> JSONSchemaVerdict {
        try JSONSchema(JSONValue(parsing: schema)).verdict(on: JSONValue(parsing: value))
    }

    private static let pattern = #"{"pattern":"^(?=a)"}"#

    @Test(
        "is not known where it hangs on what cannot be checked, whatever turns the answer round",
        arguments: [
            (pattern, #""bcd""#),
            (#"{"not":\#(pattern)}"#, #""bcd""#),
            (#"{"not":{"not":\#(pattern)}}"#, #""bcd""#),
            (#"{"oneOf":[\#(pattern),{"pattern":"(?!a)"}]}"#, #""abc""#),
            (#"{"oneOf":[true,\#(pattern)]}"#, #""abc""#),
            (#"{"anyOf":[false,\#(pattern)]}"#, #""abc""#),
            (#"{"allOf":[true,\#(pattern)]}"#, #""abc""#),
            (#"{"if":\#(pattern),"then":{"maxLength":1}}"#, #""bcd""#),
            (#"{"if":\#(pattern),"else":{"maxLength":1}}"#, #""abc""#),
            (#"{"contains":\#(pattern),"maxContains":1}"#, #"["abc","bcd"]"#),
            (#"{"contains":\#(pattern)}"#, #"["abc"]"#),
            (#"{"items":\#(pattern)}"#, #"["abc"]"#),
            (#"{"propertyNames":\#(pattern)}"#, #"{"abc":1}"#),
            (#"{"patternProperties":{"(?=a)":{"type":"null"}}}"#, #"{"bcd":1}"#),
            (#"{"patternProperties":{"(?=a)":true},"additionalProperties":false}"#, #"{"abc":1}"#),
            (#"{"not":{"patternProperties":{"(?=a)":true},"additionalProperties":false}}"#, #"{"abc":1}"#),
            (#"{"not":{"multipleOf":0.1234567890123456789}}"#, "1"),
            (#"{"not":{"unevaluatedProperties":false}}"#, #"{"a":1}"#),
            (#"{"unevaluatedItems":false}"#, "[1]"),
            (##"{"oneOf":[{"$dynamicRef":"#a"},{"type":"integer"}]}"##, "1"),
        ])
    func notKnown(schema: String, value: String) throws {
        let verdict = try verdict(schema, value)
        guard case .notKnown(let reason) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(!reason.isEmpty)
        #expect(try JSONSchema(JSONValue(parsing: schema)).firstProblem(in: JSONValue(parsing: value)) == nil)
    }

    @Test(
        "is that the value fits, where what cannot be checked makes no difference",
        arguments: [
            (pattern, "1"),
            (#"{"anyOf":[\#(pattern),true]}"#, #""abc""#),
            (#"{"not":{"allOf":[\#(pattern),false]}}"#, #""abc""#),
            (#"{"if":\#(pattern),"then":{"maxLength":3},"else":{"minLength":1}}"#, #""abc""#),
            (#"{"contains":\#(pattern),"minContains":0,"maxContains":2}"#, #"["abc","bcd"]"#),
            (#"{"patternProperties":{"(?=a)":{"type":"null"}},"additionalProperties":{"type":"null"}}"#, #"{"a":null}"#),
            (#"{"unevaluatedProperties":false}"#, "1"),
            (#"{"unevaluatedProperties":true,"unevaluatedItems":true}"#, "{}"),
            (#"{"format":"email","contentMediaType":"image/png","contentSchema":false}"#, #""a""#),
        ])
    func fits(schema: String, value: String) throws {
        #expect(try verdict(schema, value) == .fits)
    }

    @Test(
        "is that the value does not fit, whatever could not be checked",
        arguments: [
            (#"{"allOf":[\#(pattern),{"minLength":4}]}"#, #""abc""#),
            (#"{"pattern":"(?=a)","$dynamicRef":"a","type":"string"}"#, "1"),
            (#"{"oneOf":[\#(pattern),true,true]}"#, #""abc""#),
            (#"{"not":{"anyOf":[\#(pattern),true]}}"#, #""abc""#),
            (#"{"if":\#(pattern),"then":{"maxLength":2},"else":{"maxLength":1}}"#, #""abc""#),
            (#"{"contains":\#(pattern),"minContains":3}"#, #"["abc","bcd"]"#),
            (#"{"contains":{"anyOf":[{"const":1},\#(pattern)]},"maxContains":1}"#, #"[1,1,"a"]"#),
            (#"{"properties":{"a":\#(pattern),"b":{"type":"null"}}}"#, #"{"a":"abc","b":1}"#),
        ])
    func fails(schema: String, value: String) throws {
        let verdict = try verdict(schema, value)
        guard case .fails = verdict else {
            Issue.record("\(verdict)")
            return
        }
    }
}
