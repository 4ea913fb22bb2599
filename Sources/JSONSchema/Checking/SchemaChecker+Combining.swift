internal import JSON

extension SchemaChecker {
    mutating func check(_ value: JSONValue, combination rule: SchemaRule) -> JSONSchemaProblem? {
        switch rule {
        case .all(let schemas):
            for schema in schemas {
                if let problem = check(value, against: schema) { return problem }
            }
            return nil
        case .any(let schemas):
            return check(value, anyOf: schemas)
        case .exactlyOne(let schemas):
            return check(value, exactlyOneOf: schemas)
        case .not(let schema):
            return check(value, against: schema) == nil ? problem("\(value.shown) fits the schema under `not`, which it must not") : nil
        case .conditional(let condition, let then, let otherwise):
            let branch = check(value, against: condition) == nil ? then : otherwise
            return branch.flatMap { check(value, against: $0) }
        default:
            return nil
        }
    }

    private mutating func check(_ value: JSONValue, anyOf schemas: [Int]) -> JSONSchemaProblem? {
        var problems: [JSONSchemaProblem] = []
        for schema in schemas {
            guard let problem = check(value, against: schema) else { return nil }
            problems.append(problem)
        }
        return closest(problems, alternatives: "anyOf")
    }

    private mutating func check(_ value: JSONValue, exactlyOneOf schemas: [Int]) -> JSONSchemaProblem? {
        var problems: [JSONSchemaProblem] = []
        var fitting: [Int] = []
        for (index, schema) in schemas.enumerated() {
            if let problem = check(value, against: schema) {
                problems.append(problem)
            } else {
                fitting.append(index)
            }
            if fitting.count == 2 {
                return problem("expected to fit one schema of `oneOf`, but fits those at \(fitting[0]) and \(fitting[1])")
            }
        }
        return fitting.isEmpty ? closest(problems, alternatives: "oneOf") : nil
    }

    /// The problem of the alternative that was probably meant: the one that goes wrong deepest inside the value.
    private func closest(_ problems: [JSONSchemaProblem], alternatives keyword: String) -> JSONSchemaProblem {
        guard let closest = problems.max(by: { $0.path.utf8.count < $1.path.utf8.count }) else {
            return problem("`\(keyword)` has no schema to fit")
        }
        if problems.count == 1 { return closest }
        if closest.path == path.description {
            // Each is cut: alternatives within alternatives would make a message of any length.
            let messages = problems.prefix(3).map { $0.message.prefix(200) }.joined(separator: "; or ")
            return problem("fits no schema of `\(keyword)`: \(messages)\(problems.count > 3 ? "; …" : "")")
        }
        return JSONSchemaProblem(
            path: closest.path, message: "\(closest.message) (the closest of \(problems.count) schemas of `\(keyword)`)")
    }
}
