/// Puts environment variables into the values of a tree. What comes out of a variable is not expanded again.
struct EnvironmentExpander {
    private let environment: [String: String]
    private let textLimit: Int
    private var textBytes = 0
    /// What was wrong, every place once (an alias repeats it).
    private(set) var issues: [ConfigurationIssue] = []
    private var reported: Set<ConfigurationIssue> = []

    /// An expander; the expanded texts of one tree may have `textLimit` bytes together.
    init(environment: [String: String], textLimit: Int) {
        self.environment = environment
        self.textLimit = textLimit
    }

    /// The tree with variables put in.
    mutating func expand(_ node: ConfigurationNode, path: String) -> ConfigurationNode {
        var result = node
        switch node.value {
        case .null: break
        case .scalar(let scalar) where scalar.text.utf8.contains(UInt8(ascii: "$")): expand(scalar, of: &result, path: path)
        case .scalar: break
        case .sequence(let elements):
            var expanded: [ConfigurationNode] = []
            for (index, element) in elements.enumerated() { expanded.append(expand(element, path: path.appendingIndex(index))) }
            result.value = .sequence(expanded)
        case .mapping(let mapping):
            result.value = .mapping(mapping.mapValues { expand($0.value, path: path.appendingKey($0.key)) })
        }
        return result
    }

    private mutating func expand(_ scalar: ConfigurationScalar, of node: inout ConfigurationNode, path: String) {
        let template: EnvironmentTemplate
        do {
            template = try EnvironmentTemplate(parsing: scalar.text)
        } catch {
            report(ConfigurationIssue(.error, .environment, error.message, keyPath: path, origin: node.origin, hint: error.hint))
            return
        }
        var text = ""
        var variables: [String] = []
        for piece in template.pieces {
            switch piece {
            case .literal(let literal): append(literal, to: &text)
            case .variable(let name, let fallback):
                // An empty variable is one that is not set, as `:-` means in a shell.
                if let value = environment[name], !value.isEmpty {
                    append(value, to: &text)
                    if !variables.contains(name) { variables.append(name) }
                } else if let fallback {
                    append(fallback, to: &text)
                } else {
                    reportUnset(name, path: path, node.origin)
                    if !variables.contains(name) { variables.append(name) }
                }
            }
        }
        if textBytes > textLimit {
            report(
                ConfigurationIssue(
                    .error, .tooLarge, "the values hold more than \(textLimit) bytes of text with environment variables put in",
                    origin: node.origin))
            return
        }
        let isReference = template.pieces.contains { if case .variable = $0 { true } else { false } }
        let isNull = isReference && (text.isEmpty || scalar.isPlain && CoreSchema.isNull(text))
        node.value = isNull ? .null : .scalar(ConfigurationScalar(text, isPlain: scalar.isPlain))
        if !variables.isEmpty { node.origin = .environment(variables: variables, at: node.location) }
    }

    private mutating func append(_ part: String, to text: inout String) {
        textBytes += part.utf8.count
        if textBytes <= textLimit { text += part }
    }

    private mutating func reportUnset(_ name: String, path: String, _ origin: ConfigurationOrigin) {
        report(
            ConfigurationIssue(
                .warning, .environment, "the environment variable \(name) is not set; the value counts as not given", keyPath: path,
                origin: origin, hint: "set it, or write ${\(name):-default}"))
    }

    private mutating func report(_ issue: ConfigurationIssue) {
        var place = issue
        if issue.location != nil { place.keyPath = "" }
        if reported.insert(place).inserted { issues.append(issue) }
    }
}
