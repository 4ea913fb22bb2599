internal import JSON

extension SchemaChecker {
    func check(_ text: String, against rule: SchemaRule) -> JSONSchemaProblem? {
        switch rule {
        case .length(let limits):
            return problem(count: text.unicodeScalars.count, of: "character", limits)
        case .pattern(let pattern, let shown):
            guard pattern.matchesPart(of: text) == false else { return nil }
            return problem("expected a string that matches `\(shown)`, found \(JSONValue.string(text).shown)")
        default:
            return nil
        }
    }

    func check(_ number: JSONNumber, against rule: SchemaRule) -> JSONSchemaProblem? {
        let value = ExactDecimal(number)
        switch rule {
        case .bound(let bound) where !bound.holds(value):
            return problem("expected a number of \(bound.shown), found \(JSONValue.number(number).shown)")
        case .multiple(let divisor, let shown) where value.isMultiple(of: divisor) == false:
            return problem("expected a multiple of \(shown), found \(JSONValue.number(number).shown)")
        default:
            return nil
        }
    }
}

extension NumberBound {
    fileprivate func holds(_ value: ExactDecimal) -> Bool {
        if value == limit { return !isExclusive }
        return isUpper == (value < limit)
    }
}
