internal import JSON

extension SchemaChecker {
    mutating func check(_ value: JSONValue, combination rule: SchemaRule) -> JSONSchemaVerdict {
        switch rule {
        case .all(let schemas):
            var verdict = JSONSchemaVerdict.fits
            for schema in schemas where !verdict.isFailure { verdict.add(check(value, against: schema)) }
            return verdict
        case .any(let schemas):
            return check(value, anyOf: schemas)
        case .exactlyOne(let schemas):
            return check(value, exactlyOneOf: schemas)
        case .not(let schema):
            switch check(value, against: schema) {
            case .fits: return failure("\(value.shown) fits the schema under `not`, which it must not")
            case .notKnown(let reason): return .notKnown(reason: reason)
            case .fails: return .fits
            }
        case .conditional(let condition, let then, let otherwise):
            return check(value, if: condition, then: then, else: otherwise)
        default:
            return .fits
        }
    }

    private mutating func check(_ value: JSONValue, if condition: Int, then: Int?, else otherwise: Int?) -> JSONSchemaVerdict {
        switch check(value, against: condition) {
        case .fits: return then.map { check(value, against: $0) } ?? .fits
        case .fails: return otherwise.map { check(value, against: $0) } ?? .fits
        case .notKnown(let reason):
            let branches = [then, otherwise].map { $0.map { check(value, against: $0) } ?? .fits }
            if branches.allSatisfy(\.isFailure) { return branches[0] }
            return branches.allSatisfy { $0 == .fits } ? .fits : .notKnown(reason: reason)
        }
    }

    private mutating func check(_ value: JSONValue, anyOf schemas: [Int]) -> JSONSchemaVerdict {
        var problems: [JSONSchemaProblem] = []
        var unknown: JSONSchemaVerdict?
        for schema in schemas {
            let verdict = check(value, against: schema)
            switch verdict {
            case .fits: return .fits
            case .notKnown: unknown = unknown ?? verdict
            case .fails(let problem): problems.append(problem)
            }
        }
        return unknown ?? closest(problems, alternatives: "anyOf")
    }

    private mutating func check(_ value: JSONValue, exactlyOneOf schemas: [Int]) -> JSONSchemaVerdict {
        var problems: [JSONSchemaProblem] = []
        var fitting: [Int] = []
        var unknown: JSONSchemaVerdict?
        for (index, schema) in schemas.enumerated() {
            let verdict = check(value, against: schema)
            switch verdict {
            case .fits: fitting.append(index)
            case .notKnown: unknown = unknown ?? verdict
            case .fails(let problem): problems.append(problem)
            }
            if fitting.count == 2 {
                return failure("expected to fit one schema of `oneOf`, but fits those at \(fitting[0]) and \(fitting[1])")
            }
        }
        return unknown ?? (fitting.isEmpty ? closest(problems, alternatives: "oneOf") : .fits)
    }

    /// The problem of the alternative that was probably meant: the one that goes wrong deepest inside the value.
    private func closest(_ problems: [JSONSchemaProblem], alternatives keyword: String) -> JSONSchemaVerdict {
        guard let closest = problems.max(by: { $0.path.utf8.count < $1.path.utf8.count }) else {
            return failure("`\(keyword)` has no schema to fit")
        }
        if problems.count == 1 { return .fails(closest) }
        if closest.path == path.description {
            // Each is cut: alternatives within alternatives would make a message of any length.
            let messages = problems.prefix(3).map { $0.message.prefix(200) }.joined(separator: "; or ")
            return failure("fits no schema of `\(keyword)`: \(messages)\(problems.count > 3 ? "; …" : "")")
        }
        return .fails(
            JSONSchemaProblem(
                path: closest.path, message: "\(closest.message) (the closest of \(problems.count) schemas of `\(keyword)`)"))
    }
}
