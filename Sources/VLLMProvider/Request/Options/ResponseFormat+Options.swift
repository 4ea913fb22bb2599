import JSON
import VLLMClient

extension ServerResponseFormat {
    private static let hint = "write text, json, or {type: json_schema, json_schema: {name: …, schema: {…}}}"

    /// Reads a `response_format` as OpenAI's API, Amplifier's contract and people write it; `nil` for any text.
    static func option(_ json: JSONValue) throws(OptionProblem) -> ServerResponseFormat? {
        switch (json["type"] ?? json).string {
        case "text": return nil
        case "json", "json_object": return .jsonObject
        case "json_schema": return try jsonSchema(json)
        case "structural_tag"?: return json.object.map { .other($0) }
        case let type: throw OptionProblem("response_format", type.map { "there is no type \"\($0)\"" } ?? "it has no type", hint: hint)
        }
    }

    /// OpenAI wraps the schema (`json_schema: {name, schema, strict}`), Amplifier does not (`json_schema: {…}, strict`, or `schema: {…}`).
    private static func jsonSchema(_ json: JSONValue) throws(OptionProblem) -> ServerResponseFormat {
        guard let given = (json["json_schema"] ?? json["schema"])?.object else {
            throw OptionProblem("response_format", "the type json_schema has no json_schema", hint: hint)
        }
        let wrapped = given["type"] == nil ? given["schema"]?.object : nil
        let schema = wrapped ?? given
        let name = (wrapped == nil ? schema["title"] : given["name"])?.string ?? "answer"
        return .jsonSchema(name: identifier(name), schema: .object(schema), strict: (given["strict"] ?? json["strict"])?.bool)
    }

    /// OpenAI takes names of 1 to 64 letters, digits, `_` and `-`; a schema's title is any text.
    private static func identifier(_ name: String) -> String {
        let name = name.unicodeScalars.prefix(64).map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-")
                ? Character(scalar) : "_"
        }
        return name.isEmpty ? "answer" : String(name)
    }
}
