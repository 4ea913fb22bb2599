import JSON
import ProviderKit
import Testing

@testable import VLLMProvider

@Suite("Arguments of tool calls")
struct ToolArgumentsTests {
    private static let tools = OfferedTools([ToolSpec(name: "get_weather", parameters: MarkupReading.weatherSchema)])

    private func input(_ raw: String, repairs: Bool = false) throws(ProviderError) -> JSONObject {
        try ToolArguments(tools: Self.tools, repairs: repairs).read(raw, tool: "get_weather").input
    }

    private static let wrapped: [(String, JSONObject)] = [
        (#""{\"city\": \"Rome\"}""#, ["city": "Rome"] as JSONObject), (#""\"{}\"""#, [:]), ("", [:]), (" \n", [:]),
        (#"{"when": "{\"hour\": 3}"}"#, ["when": ["hour": 3]]), (#"{"tags": "[{\"a\": 1}]"}"#, ["tags": [["a": 1]]]),
        (#"{"tags": ["{\"a\": 1}"]}"#, ["tags": [["a": 1]]]),
        // A string stays one where the schema wants it, allows it or says nothing, and where it is no JSON of the right kind.
        (#"{"city": "{\"hour\": 3}"}"#, ["city": "{\"hour\": 3}"]), (#"{"note": "[1]"}"#, ["note": "[1]"]),
        (#"{"anything": "{}"}"#, ["anything": "{}"]), (#"{"unknown": "{}"}"#, ["unknown": "{}"]),
        (#"{"when": "noon"}"#, ["when": "noon"]), (#"{"when": "[1]"}"#, ["when": "[1]"]), (#"{"days": "3"}"#, ["days": "3"]),
    ]

    @Test(
        "an object that was written as a string is unwrapped, where the schema wants no string",
        arguments: wrapped)
    func unwrapping(raw: String, expected: JSONObject) throws {
        #expect(try input(raw) == expected)
    }

    @Test(
        "arguments that are no object are an error with the tool's name and the raw text, with repair and without",
        arguments: ["[1]", "5", "null", "\"text\"", "nonsense", "{\"a\" 1}"], [true, false])
    func noObject(raw: String, repairs: Bool) {
        let error = #expect(throws: ProviderError.self) { try input(raw, repairs: repairs) }
        #expect(error?.code == .invalidToolCall)
        #expect(error?.details == ["tool_name": "get_weather", "raw_arguments": .string(raw)])
        // What is JSON needs no repair, but for a text of JSON that is none.
        #expect((error?.hint != nil) == (!repairs && !["[1]", "5", "null"].contains(raw)))
    }

    @Test("malformed JSON is an error unless it is to be repaired")
    func repair() throws {
        let error = #expect(throws: ProviderError.self) { try input("{'city': 'Rome',}") }
        #expect(error?.hint?.contains("repair_tool_calls") == true)
        #expect(try input("{'city': 'Rome',}", repairs: true) == ["city": "Rome"])
    }

    @Test(
        "references are followed as JSON Schema has them: to the whole schema, with escapes, through combinations",
        arguments: ["#", "#/$defs/a~1b~0c", "#/%24defs/a~1b~0c", "#/$defs/list/anyOf/0", "#/$defs/circle"])
    func references(reference: String) throws {
        let object: JSONValue = ["type": "object"]
        let schema: JSONObject = [
            "type": "object", "properties": ["a": ["$ref": .string(reference), "description": "An object."]],
            "$defs": [
                "a/b~c": object, "list": ["anyOf": [object]],
                "circle": ["anyOf": [["$ref": "#/$defs/circle"], object, ["$ref": "#/$defs/circle"]]],
            ],
        ]
        let tools = OfferedTools([ToolSpec(name: "f", parameters: schema)])
        #expect(try ToolArguments(tools: tools).read("{\"a\": \"{}\"}", tool: "f").input["a"] == [:])
    }

    @Test("schemas that refer to themselves, or to nothing, are no danger", .timeLimit(.minutes(1)))
    func hostileSchemas() throws {
        let schemas: [JSONObject] = [
            ["$ref": "#"], ["$ref": "#/$defs/a", "$defs": ["a": ["$ref": "#/$defs/a"]]], ["$ref": "#/nothing"],
            ["anyOf": [["$ref": "#"], ["$ref": "#"]]],
            [
                "properties": ["a": ["$ref": "#/$defs/n"]],
                "$defs": ["n": ["anyOf": .array(Array(repeating: ["$ref": "#/$defs/n"], count: 9))]],
            ],
            ["properties": ["a": ["anyOf": [["$ref": "#"], ["type": 5]]]]], ["type": [1, 2]], ["properties": 5, "items": "x", "anyOf": 1],
        ]
        for schema in schemas {
            let tools = OfferedTools([ToolSpec(name: "f", parameters: schema)])
            #expect(try ToolArguments(tools: tools).read("{\"a\": {\"a\": \"{}\", \"b\": 1}}", tool: "f").input["a"] != nil)
        }
    }
}
