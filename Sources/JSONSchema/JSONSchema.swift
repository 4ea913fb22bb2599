public import JSON

/// A JSON Schema (draft 2020-12) against which values can be checked: what a server's constrained decoding promises, held to its word.
///
/// All keywords that assert something about a value are checked, apart from `unevaluatedProperties`, `unevaluatedItems` and
/// `$dynamicRef`, of which a verdict says that it is not known; formats, contents and keywords that are not known are ignored, as the
/// specification has it. `items` as an array, `additionalItems` and `dependencies` are read as drafts before 2020-12 did. `$ref` reaches
/// what is in the schema itself: `#`, `#/$defs/…`, any other `#/…`.
public struct JSONSchema: Sendable {
    let nodes: [SchemaNode]

    /// Reads a schema.
    /// - Throws: `JSONSchemaError` where a keyword has no such value, or a `$ref` leads nowhere or back to itself.
    public init(_ schema: JSONValue) throws(JSONSchemaError) {
        nodes = try SchemaCompiler.compile(schema)
    }

    /// The first thing that is wrong with a value; `nil` where nothing was found: `verdict(on:)` says whether everything was checked.
    public func firstProblem(in value: JSONValue) -> JSONSchemaProblem? {
        if case .fails(let problem) = verdict(on: value) { problem } else { nil }
    }

    /// Whether a value fits.
    ///
    /// Not known is what a keyword says that is not checked, a pattern that `Pattern` cannot check, a multiple of a number of more than 18
    /// digits, and, since the work is bounded, what takes more than 50 schemas inside each other or a million of them in all, or compares
    /// values of more than 40 levels.
    public func verdict(on value: JSONValue) -> JSONSchemaVerdict {
        var checker = SchemaChecker(nodes: nodes)
        return checker.check(value, against: 0)
    }
}
