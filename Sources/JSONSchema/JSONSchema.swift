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
    /// What cannot be checked is taken to fit, so that no right answer is called wrong: a pattern that `Pattern` cannot check, and, since
    /// the work is bounded, a value that takes more than 1100 schemas inside each other or a million of them in all.
    public func firstProblem(in value: JSONValue) -> JSONSchemaProblem? {
        var checker = SchemaChecker(nodes: nodes)
        return checker.firstProblem(in: value)
    }
}
