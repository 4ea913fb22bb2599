public import JSON

/// A JSON Schema (draft 2020-12) against which values can be checked: what a server's constrained decoding promises, held to its word.
///
/// All keywords that assert something about a value are checked, apart from those for unevaluated and dependent members; formats and
/// keywords that are not known are ignored, as the specification has it. `items` as an array and `additionalItems` are read as drafts
/// before 2020-12 did. `$ref` reaches what is in the schema itself: `#`, `#/$defs/…`, any other `#/…`.
public struct JSONSchema: Sendable {
    let nodes: [SchemaNode]

    /// Reads a schema.
    /// - Throws: `JSONSchemaError` where a keyword has no such value, or a `$ref` leads nowhere or back to itself.
    public init(_ schema: JSONValue) throws(JSONSchemaError) {
        nodes = try SchemaCompiler.compile(schema)
    }

    /// The first thing that is wrong with a value; `nil` where it fits the schema.
    ///
    /// A pattern that `Pattern` cannot check is taken to match. The work is bounded: a value that is nested too deeply, or that a schema
    /// makes too expensive to check, has that as its problem.
    public func firstProblem(in value: JSONValue) -> JSONSchemaProblem? {
        var checker = SchemaChecker(nodes: nodes)
        return checker.firstProblem(in: value)
    }
}
