import JSON
import JSONSchema
import Testing

/// A schema with values that fit it and values that do not.
struct KeywordCase: Sendable, CustomTestStringConvertible {
    let schema: String
    let fitting: [String]
    let failing: [String]

    init(_ schema: String, fits fitting: [String], fails failing: [String]) {
        (self.schema, self.fitting, self.failing) = (schema, fitting, failing)
    }

    var testDescription: String { schema }
}

@Suite struct KeywordTests {
    @Test(
        "A value fits a schema when each keyword says so",
        arguments: values + numbers + strings + objects + arrays + dependencies + combinations + references)
    func fits(example: KeywordCase) throws {
        let schema = try JSONSchema(JSONValue(parsing: example.schema))
        for text in example.fitting {
            let problem = schema.firstProblem(in: try JSONValue(parsing: text))
            #expect(problem == nil, "\(text) does not fit: \(problem?.description ?? "")")
        }
        for text in example.failing {
            #expect(schema.firstProblem(in: try JSONValue(parsing: text)) != nil, "\(text) fits")
        }
    }

    static let values = [
        KeywordCase("true", fits: ["null", "[1]"], fails: []),
        KeywordCase("{}", fits: ["null", "[1]"], fails: []),
        KeywordCase("false", fits: [], fails: ["null", "[1]"]),
        KeywordCase(#"{"type":"null"}"#, fits: ["null"], fails: ["0", "false", #""""#, "[]", "{}"]),
        KeywordCase(#"{"type":"boolean"}"#, fits: ["true", "false"], fails: ["0", "null", #""true""#]),
        KeywordCase(#"{"type":"integer"}"#, fits: ["0", "-3", "1.0", "1e3", "12345678901234567890123"], fails: ["1.5", "1e-3", #""1""#]),
        KeywordCase(#"{"type":"number"}"#, fits: ["0", "1.5", "1e-3"], fails: ["null", #""1""#, "[1]"]),
        KeywordCase(#"{"type":"string"}"#, fits: [#""""#, #""a""#], fails: ["1", "null"]),
        KeywordCase(#"{"type":"array"}"#, fits: ["[]", "[1]"], fails: ["{}", #""[]""#]),
        KeywordCase(#"{"type":"object"}"#, fits: ["{}", #"{"a":1}"#], fails: ["[]", "null"]),
        KeywordCase(#"{"type":["string","null"]}"#, fits: ["null", #""a""#], fails: ["1", "false"]),
        KeywordCase(
            #"{"enum":["red",2,null,[1,{"a":1,"b":2}]]}"#, fits: [#""red""#, "2", "2.0", "null", #"[1e0,{"b":2,"a":1}]"#],
            fails: [#""Red""#, "3", "[1]"]),
        KeywordCase(#"{"enum":[]}"#, fits: [], fails: ["1"]),
        KeywordCase(#"{"const":false}"#, fits: ["false"], fails: ["0", "null", "true"]),
        KeywordCase(#"{"const":"\u00e9"}"#, fits: [#""é""#], fails: [#""e\u0301""#]),
        KeywordCase(#"{"const":1,"title":7,"x-unknown":[],"format":"date"}"#, fits: ["1"], fails: ["2"]),
    ]

    static let numbers = [
        KeywordCase(#"{"minimum":1.5}"#, fits: ["1.5", "1.50", "2", #""0""#], fails: ["1.49", "-2", "0"]),
        KeywordCase(#"{"maximum":-1}"#, fits: ["-1", "-1.0", "-2", "-1e400"], fails: ["-0.99", "0", "1"]),
        KeywordCase(#"{"exclusiveMinimum":0}"#, fits: ["1e-400", "0.1"], fails: ["0", "-0.0", "-1"]),
        KeywordCase(#"{"exclusiveMaximum":100}"#, fits: ["99.9", "-100"], fails: ["100", "1e2", "101"]),
        KeywordCase(
            #"{"minimum":9007199254740993,"maximum":9007199254740993}"#, fits: ["9007199254740993", "9007199254740993.0"],
            fails: ["9007199254740992", "9007199254740994"]),
        KeywordCase(
            #"{"multipleOf":0.01}"#, fits: ["19.99", "0", "1e300", "-0.07", "1e999999999999999999999"],
            fails: ["0.001", "0.015", "1e-999999999999999999999"]),
        KeywordCase(#"{"multipleOf":7}"#, fits: ["49", "7e5", "-14.0", "70000000000000000000000000007"], fails: ["50", "1e5", "7.1"]),
        KeywordCase(#"{"multipleOf":1.5e2}"#, fits: ["150", "3e2", "0"], fails: ["100", "15", "1.5"]),
    ]

    static let strings = [
        KeywordCase(
            #"{"minLength":2,"maxLength":3}"#, fits: [#""ab""#, #""äöü""#, #""😀😀""#, "7"],
            fails: [#""a""#, #""abcd""#, #""e\u0301a\u0301""#]),
        KeywordCase(#"{"maxLength":2.0}"#, fits: [#""ab""#], fails: [#""abc""#]),
        KeywordCase(#"{"maxLength":1e99}"#, fits: [#""abc""#], fails: []),
        KeywordCase(#"{"pattern":"^[a-z]+$"}"#, fits: [#""abc""#, "1"], fails: [#""aBc""#, #""""#]),
        KeywordCase(#"{"pattern":"b+"}"#, fits: [#""abbc""#], fails: [#""ac""#]),
        KeywordCase(#"{"pattern":"(?<=a)b"}"#, fits: [#""anything""#], fails: []),
    ]

    static let objects = [
        KeywordCase(
            #"{"properties":{"a":{"type":"integer"},"b":false}}"#, fits: ["{}", #"{"a":1,"c":2}"#, "[1]"],
            fails: [#"{"a":"1"}"#, #"{"b":1}"#]),
        KeywordCase(#"{"required":["a","b"]}"#, fits: [#"{"b":null,"a":1}"#, "1"], fails: ["{}", #"{"a":1}"#]),
        KeywordCase(#"{"properties":{"a":{}},"additionalProperties":false}"#, fits: ["{}", #"{"a":1}"#], fails: [#"{"a":1,"b":1}"#]),
        KeywordCase(#"{"properties":{"a":{}},"additionalProperties":{"type":"null"}}"#, fits: [#"{"a":1,"b":null}"#], fails: [#"{"b":1}"#]),
        KeywordCase(#"{"additionalProperties":{"type":"integer"}}"#, fits: [#"{"x":1}"#], fails: [#"{"x":""}"#]),
        KeywordCase(
            #"{"patternProperties":{"^n_":{"type":"number"},"x$":{"minimum":3}},"additionalProperties":false}"#,
            fits: ["{}", #"{"n_a":1,"ax":3,"n_x":4}"#], fails: [#"{"n_a":"1"}"#, #"{"n_x":1}"#, #"{"other":1}"#]),
        KeywordCase(#"{"patternProperties":{"(?=a)":{}},"additionalProperties":false}"#, fits: [#"{"a":1}"#], fails: []),
        KeywordCase(#"{"propertyNames":{"maxLength":2}}"#, fits: [#"{"ab":1}"#, "[]"], fails: [#"{"abc":1}"#]),
        KeywordCase(
            #"{"minProperties":1,"maxProperties":2}"#, fits: [#"{"a":1}"#, #"{"a":1,"b":1}"#], fails: ["{}", #"{"a":1,"b":1,"c":1}"#]),
    ]

    static let arrays = [
        KeywordCase(#"{"items":{"type":"integer"}}"#, fits: ["[]", "[1,2]", "{}"], fails: [#"[1,"2"]"#]),
        KeywordCase(
            #"{"prefixItems":[{"type":"integer"},{"type":"string"}]}"#, fits: ["[]", "[1]", #"[1,"a",null]"#], fails: [#"["a"]"#, "[1,2]"]),
        KeywordCase(#"{"prefixItems":[{"type":"integer"}],"items":false}"#, fits: ["[]", "[1]"], fails: ["[1,2]"]),
        KeywordCase(#"{"prefixItems":[true],"items":{"type":"null"}}"#, fits: ["[1,null,null]"], fails: ["[1,null,2]"]),
        KeywordCase(
            #"{"items":[{"type":"integer"}],"additionalItems":{"type":"string"}}"#, fits: [#"[1,"a"]"#], fails: ["[1,2]", #"["a"]"#]),
        KeywordCase(#"{"minItems":1,"maxItems":2}"#, fits: ["[1]", "[1,2]", #""abc""#], fails: ["[]", "[1,2,3]"]),
        KeywordCase(
            #"{"uniqueItems":true}"#, fits: ["[]", "[1,2,true,\"1\"]", #"[[1],[2]]"#],
            fails: ["[1,2,1.0]", #"[{"a":1,"b":2},{"b":2,"a":1}]"#]),
        KeywordCase(#"{"uniqueItems":false}"#, fits: ["[1,1]"], fails: []),
        KeywordCase(#"{"contains":{"type":"string"}}"#, fits: [#"[1,"a"]"#, "{}"], fails: ["[]", "[1]"]),
        KeywordCase(
            #"{"contains":{"const":1},"minContains":2,"maxContains":3}"#, fits: ["[1,1]", "[1,0,1,1]"], fails: ["[1]", "[1,1,1,1]"]),
        KeywordCase(#"{"contains":{"const":1},"minContains":0}"#, fits: ["[]", "[2]"], fails: []),
        KeywordCase(#"{"contains":{"const":1},"maxContains":1}"#, fits: ["[1]"], fails: ["[]", "[1,1]"]),
    ]

    static let dependencies = [
        KeywordCase(
            #"{"dependentRequired":{"a":["b","c"]}}"#, fits: ["{}", #"{"b":1}"#, #"{"a":1,"b":1,"c":1}"#, "1"], fails: [#"{"a":1,"b":1}"#]),
        KeywordCase(
            #"{"dependentSchemas":{"a":{"maxProperties":1}}}"#, fits: [#"{"a":1}"#, #"{"b":1,"c":1}"#], fails: [#"{"a":1,"b":1}"#]),
        KeywordCase(
            #"{"dependencies":{"a":["b"],"c":{"required":["d"]}}}"#, fits: [#"{"a":1,"b":1}"#, #"{"c":1,"d":1}"#],
            fails: [#"{"a":1}"#, #"{"c":1}"#]),
        KeywordCase(
            #"{"oneOf":[{"dependentRequired":{"a":["b"]}},{"required":["a"]}]}"#, fits: [#"{"a":1}"#, "{}"], fails: [#"{"a":1,"b":1}"#]),
    ]

    static let combinations = [
        KeywordCase(#"{"allOf":[{"minimum":1},{"maximum":3}]}"#, fits: ["1", "3"], fails: ["0", "4"]),
        KeywordCase(#"{"anyOf":[{"type":"string"},{"minimum":3}]}"#, fits: [#""a""#, "3", "null"], fails: ["2"]),
        KeywordCase(#"{"oneOf":[{"multipleOf":2},{"multipleOf":3}]}"#, fits: ["2", "3", "4"], fails: ["1", "6"]),
        KeywordCase(#"{"not":{"type":"string"}}"#, fits: ["1", "null"], fails: [#""a""#]),
        KeywordCase(
            #"{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"maxProperties":0}}"#, fits: ["{}", #"{"a":1,"b":1}"#],
            fails: [#"{"a":1}"#, #"{"b":1}"#]),
        KeywordCase(#"{"if":{"type":"string"},"then":{"minLength":1}}"#, fits: ["1", #""a""#], fails: [#""""#]),
        KeywordCase(#"{"then":false,"else":false}"#, fits: ["1"], fails: []),
        KeywordCase(#"{"anyOf":[]}"#, fits: [], fails: ["1"]),
    ]

    static let references = [
        KeywordCase(##"{"$ref":"#/$defs/a","$defs":{"a":{"type":"integer"}}}"##, fits: ["1"], fails: [#""1""#]),
        KeywordCase(
            ##"{"$ref":"#/definitions/a","minimum":2,"definitions":{"a":{"type":"integer"}}}"##, fits: ["2"], fails: ["1", #""1""#]),
        KeywordCase(
            ##"{"type":"object","required":["v"],"properties":{"v":true,"next":{"$ref":"#"}}}"##,
            fits: [#"{"v":1,"next":{"v":2}}"#], fails: [#"{"v":1,"next":{"v":2,"next":{}}}"#]),
        KeywordCase(##"{"properties":{"a":{"type":"null"},"b":{"$ref":"#/properties/a"}}}"##, fits: [#"{"b":null}"#], fails: [#"{"b":1}"#]),
        KeywordCase(##"{"items":{"$ref":"#/$defs/a~1b%25~0"},"$defs":{"a/b%~":{"const":1}}}"##, fits: ["[1]"], fails: ["[2]"]),
        KeywordCase(##"{"allOf":[{"const":1},{"$ref":"#/allOf/0"}]}"##, fits: ["1"], fails: ["2"]),
        KeywordCase(##"{"$defs":{"unused":{"type":"no such type"}}}"##, fits: ["1"], fails: []),
    ]
}
