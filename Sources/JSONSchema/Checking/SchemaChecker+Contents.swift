internal import JSON

extension SchemaChecker {
    mutating func check(_ members: JSONObject, against rule: SchemaRule) -> JSONSchemaVerdict {
        var verdict = JSONSchemaVerdict.fits
        switch rule {
        case .required(let names):
            return missing(of: names, in: members).map { failure("the member \($0.debugDescription) is missing") } ?? .fits
        case .dependencies(let names, let schemas):
            for (member, required) in names where members[member] != nil {
                guard let missing = missing(of: required, in: members) else { continue }
                return failure("the member \(missing.debugDescription) is missing, which \(member.debugDescription) needs")
            }
            for (member, schema) in schemas where members[member] != nil && !verdict.isFailure {
                verdict.add(check(.object(members), against: schema))
            }
        case .memberCount(let limits):
            return check(count: members.count, of: "member", limits)
        case .memberNames(let schema):
            for (key, _) in members where !verdict.isFailure {
                verdict.add(check(.string(key), at: .member(key), against: schema))
            }
            if case .fails(let problem) = verdict {
                return .fails(JSONSchemaProblem(path: problem.path, message: "the name: \(problem.message)"))
            }
        case .members(let rule):
            for (key, value) in members where !verdict.isFailure { verdict.add(check(value, ofMember: key, against: rule)) }
        default:
            break
        }
        return verdict
    }

    private func missing(of names: [String], in members: JSONObject) -> String? {
        names.first { members[$0] == nil }
    }

    private mutating func check(_ value: JSONValue, ofMember key: String, against rule: MemberRule) -> JSONSchemaVerdict {
        path.steps.append(.member(key))
        defer { path.steps.removeLast() }
        var verdict = JSONSchemaVerdict.fits
        let property = rule.properties[ExactText(key)]
        var (isNamed, mayBeNamed) = (property != nil, false)
        if let property { verdict.add(check(value, against: property)) }
        let reason = "whether a name matches a pattern of `patternProperties`"
        for (pattern, schema) in rule.patterns where !verdict.isFailure {
            switch pattern?.matchesPart(of: key) {
            case true:
                isNamed = true
                verdict.add(check(value, against: schema))
            case false: continue
            case nil:
                mayBeNamed = true
                verdict.add(check(value, against: schema).ifRequired(reason))
            }
        }
        guard let additional = rule.additional, !isNamed, !verdict.isFailure else { return verdict }
        let other =
            nodes[additional].allowsSome
            ? check(value, against: additional) : failure("the schema has no such member, and allows no other")
        verdict.add(mayBeNamed ? other.ifRequired(reason) : other)
        return verdict
    }

    mutating func check(_ elements: [JSONValue], against rule: SchemaRule) -> JSONSchemaVerdict {
        switch rule {
        case .elementCount(let limits):
            return check(count: elements.count, of: "element", limits)
        case .elements(let prefix, let others):
            var verdict = JSONSchemaVerdict.fits
            for (index, element) in elements.enumerated() where !verdict.isFailure {
                guard let schema = index < prefix.count ? prefix[index] : others else { break }
                verdict.add(check(element, at: .element(index), against: schema))
            }
            return verdict
        case .contains(let schema, let limits):
            return check(elements, contain: schema, limits)
        case .uniqueElements:
            return checkUnique(elements)
        default:
            return .fits
        }
    }

    private mutating func check(_ elements: [JSONValue], contain schema: Int, _ limits: CountLimits) -> JSONSchemaVerdict {
        var (count, unknown) = (0, 0)
        var reason = ""
        for (index, element) in elements.enumerated() {
            switch check(element, at: .element(index), against: schema) {
            case .fits: count += 1
            case .notKnown(let why): (unknown, reason) = (unknown + 1, why)
            case .fails: break
            }
        }
        let (singular, plural) = ("element that fits `contains`", "elements that fit `contains`")
        let fewest = check(count: count, of: singular, plural: plural, limits)
        guard unknown > 0 else { return fewest }
        // What is wrong with the fewest and the most that may fit is wrong with any number of them.
        let most = check(count: count + unknown, of: singular, plural: plural, limits)
        if count + unknown < limits.minimum { return most }
        if let maximum = limits.maximum, count > maximum { return fewest }
        return fewest == .fits && most == .fits ? .fits : .notKnown(reason: reason)
    }

    private func checkUnique(_ elements: [JSONValue]) -> JSONSchemaVerdict {
        var indices: [ComparableJSON: Int] = [:]
        var deep = 0
        for (index, element) in elements.enumerated() {
            guard let comparable = ComparableJSON(element) else {
                deep += 1
                continue
            }
            if let earlier = indices.updateValue(index, forKey: comparable) {
                return failure("the elements \(earlier) and \(index) are equal, but all must differ")
            }
        }
        // One that is deeper than all the others differs from them.
        return deep > 1 ? .notKnown(reason: "whether elements of more than \(ComparableJSON.maxDepth) levels differ") : .fits
    }
}

extension SchemaNode {
    /// Whether this is any schema but `false`.
    fileprivate var allowsSome: Bool {
        if case .never? = rules.first { false } else { true }
    }
}

extension SchemaChecker {
    /// Whether there are too few or too many.
    func check(count: Int, of singular: String, plural: String? = nil, _ limits: CountLimits) -> JSONSchemaVerdict {
        func counted(_ number: Int) -> String { "\(number) \(number == 1 ? singular : plural ?? "\(singular)s")" }
        if count < limits.minimum { return failure("expected at least \(counted(limits.minimum)), found \(count)") }
        if let maximum = limits.maximum, count > maximum { return failure("expected at most \(counted(maximum)), found \(count)") }
        return .fits
    }
}
