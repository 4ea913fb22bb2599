internal import JSON

extension SchemaCompiler {
    /// The rules of a schema, those first whose breach says most.
    mutating func rules(of schema: SchemaKeywords) throws(JSONSchemaError) -> [SchemaRule] {
        var rules = try typeRules(of: schema)
        rules += try numberRules(of: schema)
        rules += try stringRules(of: schema)
        rules += try objectRules(of: schema)
        rules += try arrayRules(of: schema)
        rules += try combiningRules(of: schema)
        rules += uncheckedRules(of: schema)
        return rules
    }

    private func typeRules(of schema: SchemaKeywords) throws(JSONSchemaError) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        if let type = schema.members["type"] {
            let names = type.array ?? [type]
            let types = names.compactMap { $0.string.flatMap(SchemaType.init) }
            guard types.count == names.count, !types.isEmpty else {
                let known = SchemaType.allCases.map(\.rawValue).joined(separator: ", ")
                throw schema.error("type", "one of \(known) or an array of them")
            }
            rules.append(.type(Set(types)))
        }
        if let value = schema.members["const"] {
            rules.append(oneOfValues("const", [value]) { value.excerpt })
        }
        if let values = try schema.array("enum") {
            let rule = oneOfValues("enum", values) {
                "one of " + values.prefix(10).map(\.excerpt).joined(separator: ", ") + (values.count > 10 ? ", …" : "")
            }
            rules.append(rule)
        }
        return rules
    }

    private func oneOfValues(_ keyword: String, _ values: [JSONValue], shown: () -> String) -> SchemaRule {
        let comparable = values.compactMap { ComparableJSON($0) }
        return comparable.count == values.count ? .oneOfValues(Set(comparable), shown: shown()) : .unchecked(keyword, of: nil)
    }

    private func numberRules(of schema: SchemaKeywords) throws(JSONSchemaError) -> [SchemaRule] {
        let bounds = [
            ("minimum", "at least", false, false), ("exclusiveMinimum", "more than", false, true),
            ("maximum", "at most", true, false), ("exclusiveMaximum", "less than", true, true),
        ]
        var rules: [SchemaRule] = []
        for (keyword, words, isUpper, isExclusive) in bounds {
            guard let limit = try schema.number(keyword) else { continue }
            let shown = "\(words) \(JSONValue.number(limit).excerpt)"
            rules.append(.bound(NumberBound(limit: ExactDecimal(limit), isUpper: isUpper, isExclusive: isExclusive, shown: shown)))
        }
        if let divisor = try schema.number("multipleOf") {
            guard ExactDecimal(divisor).isPositive else { throw schema.error("multipleOf", "a number above 0") }
            rules.append(.multiple(of: ExactDecimal(divisor), shown: JSONValue.number(divisor).excerpt))
        }
        return rules
    }

    private func stringRules(of schema: SchemaKeywords) throws(JSONSchemaError) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        if let limits = try schema.limits("minLength", "maxLength") { rules.append(.length(limits)) }
        if let text = try schema.string("pattern") { rules.append(.pattern(Pattern(text), shown: text)) }
        return rules
    }

    private mutating func objectRules(of schema: SchemaKeywords) throws(JSONSchemaError) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        if let names = try schema.strings("required") { rules.append(.required(names)) }
        var members = MemberRule()
        for key in try schema.object("properties")?.keys ?? [] {
            members.properties[ExactText(key)] = index(of: schema.pointer.appending("properties").appending(key))
        }
        for key in try schema.object("patternProperties")?.keys ?? [] {
            members.patterns.append((Pattern(key), index(of: schema.pointer.appending("patternProperties").appending(key))))
        }
        members.additional = subschema("additionalProperties", of: schema)
        if !members.properties.isEmpty || !members.patterns.isEmpty || members.additional != nil { rules.append(.members(members)) }
        if let names = subschema("propertyNames", of: schema) { rules.append(.memberNames(names)) }
        if let limits = try schema.limits("minProperties", "maxProperties") { rules.append(.memberCount(limits)) }
        if let dependencies = try dependencies(of: schema) { rules.append(dependencies) }
        return rules
    }

    /// `dependentRequired`, `dependentSchemas`, and the `dependencies` of drafts before 2019-09, which are either.
    private mutating func dependencies(of schema: SchemaKeywords) throws(JSONSchemaError) -> SchemaRule? {
        var names: [(member: String, required: [String])] = []
        var schemas: [(member: String, schema: Int)] = []
        for keyword in ["dependentRequired", "dependentSchemas", "dependencies"] {
            let pointer = schema.pointer.appending(keyword)
            guard let members = try schema.object(keyword) else { continue }
            for (key, value) in members {
                if keyword == "dependentRequired" || (keyword == "dependencies" && value.array != nil) {
                    names.append((key, try SchemaKeywords(members: members, pointer: pointer).strings(key) ?? []))
                } else {
                    schemas.append((key, index(of: pointer.appending(key))))
                }
            }
        }
        return names.isEmpty && schemas.isEmpty ? nil : .dependencies(names: names, schemas: schemas)
    }

    private func uncheckedRules(of schema: SchemaKeywords) -> [SchemaRule] {
        let keywords: [(String, SchemaType?)] = [
            ("unevaluatedProperties", .object), ("unevaluatedItems", .array), ("$dynamicRef", nil), ("$recursiveRef", nil),
        ]
        return keywords.compactMap { keyword, type in
            guard let value = schema.members[keyword], value != true else { return nil }
            return .unchecked(keyword, of: type)
        }
    }

    private mutating func arrayRules(of schema: SchemaKeywords) throws(JSONSchemaError) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        if let limits = try schema.limits("minItems", "maxItems") { rules.append(.elementCount(limits)) }
        // Before 2020-12, an array of schemas was named `items`, and the schema of the elements behind them `additionalItems`.
        let isOld = schema.members["items"]?.array != nil
        let prefix = try subschemas(isOld ? "items" : "prefixItems", of: schema) ?? []
        let others = subschema(isOld ? "additionalItems" : "items", of: schema)
        if !prefix.isEmpty || others != nil { rules.append(.elements(prefix: prefix, others: others)) }
        if let contained = subschema("contains", of: schema) {
            let limits = try schema.limits("minContains", "maxContains")
            let minimum = schema.members["minContains"] == nil ? 1 : limits?.minimum ?? 1
            rules.append(.contains(contained, CountLimits(minimum: minimum, maximum: limits?.maximum)))
        }
        if try schema.bool("uniqueItems") == true { rules.append(.uniqueElements) }
        return rules
    }

    private mutating func combiningRules(of schema: SchemaKeywords) throws(JSONSchemaError) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        if let reference = try schema.string("$ref") {
            rules.append(.all([try index(ofReference: reference, at: schema.pointer.appending("$ref"))]))
        }
        if let schemas = try subschemas("allOf", of: schema) { rules.append(.all(schemas)) }
        if let schemas = try subschemas("anyOf", of: schema) { rules.append(.any(schemas)) }
        if let schemas = try subschemas("oneOf", of: schema) { rules.append(.exactlyOne(schemas)) }
        if let excluded = subschema("not", of: schema) { rules.append(.not(excluded)) }
        if let condition = subschema("if", of: schema) {
            let (then, otherwise) = (subschema("then", of: schema), subschema("else", of: schema))
            if then != nil || otherwise != nil { rules.append(.conditional(if: condition, then: then, else: otherwise)) }
        }
        return rules
    }

    /// The index of the schema that a keyword holds.
    private mutating func subschema(_ keyword: String, of schema: SchemaKeywords) -> Int? {
        schema.members[keyword] == nil ? nil : index(of: schema.pointer.appending(keyword))
    }

    /// The indices of the schemas that a keyword holds.
    private mutating func subschemas(_ keyword: String, of schema: SchemaKeywords) throws(JSONSchemaError) -> [Int]? {
        guard let schemas = try schema.array(keyword) else { return nil }
        return schemas.indices.map { index(of: schema.pointer.appending(keyword).appending($0)) }
    }
}
