internal import JSON

extension SchemaChecker {
    mutating func check(_ members: JSONObject, against rule: SchemaRule) -> JSONSchemaProblem? {
        switch rule {
        case .required(let names):
            return names.first { members[$0] == nil }.map { problem("the member \($0.debugDescription) is missing") }
        case .memberCount(let limits):
            return problem(count: members.count, of: "member", limits)
        case .memberNames(let schema):
            for (key, _) in members {
                if let problem = check(.string(key), at: .member(key), against: schema) {
                    return JSONSchemaProblem(path: problem.path, message: "the name: \(problem.message)")
                }
            }
            return nil
        case .members(let rule):
            for (key, value) in members {
                if let problem = check(value, ofMember: key, against: rule) { return problem }
            }
            return nil
        default:
            return nil
        }
    }

    private mutating func check(_ value: JSONValue, ofMember key: String, against rule: MemberRule) -> JSONSchemaProblem? {
        var schemas = rule.patterns.filter { $0.pattern.matchesPart(of: key) != false }.map(\.schema)
        if let property = rule.properties[ExactText(key)] { schemas.append(property) }
        if schemas.isEmpty, !rule.hasUncheckedPattern, let additional = rule.additional {
            guard nodes[additional].allowsSome else {
                path.steps.append(.member(key))
                defer { path.steps.removeLast() }
                return problem("the schema has no such member, and allows no other")
            }
            schemas.append(additional)
        }
        for schema in schemas {
            if let problem = check(value, at: .member(key), against: schema) { return problem }
        }
        return nil
    }

    mutating func check(_ elements: [JSONValue], against rule: SchemaRule) -> JSONSchemaProblem? {
        switch rule {
        case .elementCount(let limits):
            return problem(count: elements.count, of: "element", limits)
        case .elements(let prefix, let others):
            for (index, element) in elements.enumerated() {
                guard let schema = index < prefix.count ? prefix[index] : others else { return nil }
                if let problem = check(element, at: .element(index), against: schema) { return problem }
            }
            return nil
        case .contains(let schema, let limits):
            var count = 0
            for (index, element) in elements.enumerated() where check(element, at: .element(index), against: schema) == nil {
                count += 1
            }
            return problem(count: count, of: "element that fits `contains`", plural: "elements that fit `contains`", limits)
        case .uniqueElements:
            return problem(ofRepeatedIn: elements)
        default:
            return nil
        }
    }

    private func problem(ofRepeatedIn elements: [JSONValue]) -> JSONSchemaProblem? {
        var indices: [ComparableJSON: Int] = [:]
        for (index, element) in elements.enumerated() {
            if let earlier = indices.updateValue(index, forKey: ComparableJSON(element)) {
                return problem("the elements \(earlier) and \(index) are equal, but all must differ")
            }
        }
        return nil
    }
}

extension SchemaNode {
    /// Whether this is any schema but `false`.
    fileprivate var allowsSome: Bool {
        if case .never? = rules.first { false } else { true }
    }
}

extension SchemaChecker {
    /// The problem of there being too few or too many.
    func problem(count: Int, of singular: String, plural: String? = nil, _ limits: CountLimits) -> JSONSchemaProblem? {
        func counted(_ number: Int) -> String { "\(number) \(number == 1 ? singular : plural ?? "\(singular)s")" }
        if count < limits.minimum { return problem("expected at least \(counted(limits.minimum)), found \(count)") }
        if let maximum = limits.maximum, count > maximum { return problem("expected at most \(counted(maximum)), found \(count)") }
        return nil
    }
}
