internal import JSON

/// Checks one value against the nodes of a schema.
struct SchemaChecker {
    let nodes: [SchemaNode]
    /// The way from the whole value to the one that is being checked.
    var path = ValuePath()
    private var depth = 0
    private var steps = 0
    /// Set when the check was given up: then nothing else counts.
    private var isGivenUp = false

    /// Schemas within schemas, each of which takes stack: a value of 512 levels, which is what `JSON` reads, against a recursive schema
    /// fits, in a thread of 8 MB also without optimisation.
    private static let maxDepth = 1100
    /// Schemas applied to values. Alternatives within alternatives can double them with every level.
    private static let maxSteps = 1_000_000

    init(nodes: [SchemaNode]) {
        self.nodes = nodes
    }

    mutating func firstProblem(in value: JSONValue) -> JSONSchemaProblem? {
        let problem = check(value, against: 0)
        return isGivenUp ? nil : problem
    }

    mutating func check(_ value: JSONValue, against schema: Int) -> JSONSchemaProblem? {
        if isGivenUp { return nil }
        (depth, steps) = (depth + 1, steps + 1)
        defer { depth -= 1 }
        guard depth <= Self.maxDepth, steps <= Self.maxSteps else {
            isGivenUp = true
            return nil
        }
        for rule in nodes[schema].rules {
            if let problem = check(value, against: rule) { return problem }
        }
        return nil
    }

    /// Checks something inside the value.
    mutating func check(_ value: JSONValue, at step: ValuePath.Step, against schema: Int) -> JSONSchemaProblem? {
        path.steps.append(step)
        defer { path.steps.removeLast() }
        return check(value, against: schema)
    }

    /// A problem of the value that is being checked.
    func problem(_ message: String) -> JSONSchemaProblem {
        JSONSchemaProblem(path: path.description, message: message)
    }

    private mutating func check(_ value: JSONValue, against rule: SchemaRule) -> JSONSchemaProblem? {
        switch rule {
        case .never: problem("no value is allowed here, found \(value.shown)")
        case .type(let types): check(value, types: types)
        case .oneOfValues(let values, let shown):
            values.contains(ComparableJSON(value)) ? nil : problem("expected \(shown), found \(value.shown)")
        case .members, .required, .memberNames, .memberCount:
            if case .object(let members) = value { check(members, against: rule) } else { nil }
        case .elements, .contains, .elementCount, .uniqueElements:
            if case .array(let elements) = value { check(elements, against: rule) } else { nil }
        case .length, .pattern:
            if case .string(let text) = value { check(text, against: rule) } else { nil }
        case .bound, .multiple:
            if case .number(let number) = value { check(number, against: rule) } else { nil }
        case .all, .any, .exactlyOne, .not, .conditional: check(value, combination: rule)
        }
    }

    private func check(_ value: JSONValue, types: Set<SchemaType>) -> JSONSchemaProblem? {
        guard !types.contains(where: { $0.holds(value) }) else { return nil }
        let expected = SchemaType.allCases.filter(types.contains).map(\.shown).joined(separator: " or ")
        return problem("expected \(expected), found \(value.shown)")
    }
}
