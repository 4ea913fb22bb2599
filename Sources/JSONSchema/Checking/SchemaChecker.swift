internal import JSON

/// Checks one value against the nodes of a schema.
struct SchemaChecker {
    let nodes: [SchemaNode]
    /// The way from the whole value to the one that is being checked.
    var path = ValuePath()
    private var depth = 0
    private var steps = 0

    /// Schemas within schemas, each of which takes up to 6 KB of stack without optimisation: Darwin's pool threads have 512 KB.
    private static let maxDepth = 50
    /// Schemas applied to values. Alternatives within alternatives can double them with every level.
    private static let maxSteps = 1_000_000

    init(nodes: [SchemaNode]) {
        self.nodes = nodes
    }

    mutating func check(_ value: JSONValue, against schema: Int) -> JSONSchemaVerdict {
        (depth, steps) = (depth + 1, steps + 1)
        defer { depth -= 1 }
        guard depth <= Self.maxDepth else { return .notKnown(reason: "what takes more than \(Self.maxDepth) schemas inside each other") }
        guard steps <= Self.maxSteps else { return .notKnown(reason: "what takes more than \(Self.maxSteps) schemas") }
        var verdict = JSONSchemaVerdict.fits
        for rule in nodes[schema].rules where !verdict.isFailure { verdict.add(check(value, against: rule)) }
        return verdict
    }

    /// Checks something inside the value.
    mutating func check(_ value: JSONValue, at step: ValuePath.Step, against schema: Int) -> JSONSchemaVerdict {
        path.steps.append(step)
        defer { path.steps.removeLast() }
        return check(value, against: schema)
    }

    /// A problem of the value that is being checked.
    func failure(_ message: String) -> JSONSchemaVerdict {
        .fails(JSONSchemaProblem(path: path.description, message: message))
    }

    private mutating func check(_ value: JSONValue, against rule: SchemaRule) -> JSONSchemaVerdict {
        switch rule {
        case .never: failure("no value is allowed here, found \(value.shown)")
        case .type(let types): check(value, types: types)
        case .oneOfValues(let values, let shown):
            // A value too deep to be compared is none of those that are not.
            ComparableJSON(value).map(values.contains) == true ? .fits : failure("expected \(shown), found \(value.shown)")
        case .members, .required, .dependencies, .memberNames, .memberCount:
            if case .object(let members) = value { check(members, against: rule) } else { .fits }
        case .elements, .contains, .elementCount, .uniqueElements:
            if case .array(let elements) = value { check(elements, against: rule) } else { .fits }
        case .length, .pattern:
            if case .string(let text) = value { check(text, against: rule) } else { .fits }
        case .bound, .multiple:
            if case .number(let number) = value { check(number, against: rule) } else { .fits }
        case .all, .any, .exactlyOne, .not, .conditional: check(value, combination: rule)
        case .unchecked(let keyword, let type): type?.holds(value) == false ? .fits : .notKnown(reason: "the keyword `\(keyword)`")
        }
    }

    private func check(_ value: JSONValue, types: Set<SchemaType>) -> JSONSchemaVerdict {
        guard !types.contains(where: { $0.holds(value) }) else { return .fits }
        let expected = SchemaType.allCases.filter(types.contains).map(\.shown).joined(separator: " or ")
        return failure("expected \(expected), found \(value.shown)")
    }
}
