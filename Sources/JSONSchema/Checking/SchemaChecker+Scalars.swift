internal import JSON

extension SchemaChecker {
    func check(_ text: String, against rule: SchemaRule) -> JSONSchemaVerdict {
        switch rule {
        case .length(let limits):
            return check(count: text.unicodeScalars.count, of: "character", limits)
        case .pattern(let pattern, let shown):
            switch pattern?.matchesPart(of: text) {
            case true: return .fits
            case false: return failure("expected a string that matches `\(shown)`, found \(JSONValue.string(text).shown)")
            case nil: return .notKnown(reason: "the pattern `\(shown.prefix(60))`")
            }
        default:
            return .fits
        }
    }

    func check(_ number: JSONNumber, against rule: SchemaRule) -> JSONSchemaVerdict {
        let value = ExactDecimal(number)
        switch rule {
        case .bound(let bound) where !bound.holds(value):
            return failure("expected a number of \(bound.shown), found \(JSONValue.number(number).shown)")
        case .multiple(let divisor, let shown):
            switch value.isMultiple(of: divisor) {
            case true: return .fits
            case false: return failure("expected a multiple of \(shown), found \(JSONValue.number(number).shown)")
            case nil: return .notKnown(reason: "a multiple of \(shown)")
            }
        default:
            return .fits
        }
    }
}

extension NumberBound {
    fileprivate func holds(_ value: ExactDecimal) -> Bool {
        if value == limit { return !isExclusive }
        return isUpper == (value < limit)
    }
}
