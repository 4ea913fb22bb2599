public import JSON

extension ConfigurationNode {
    /// The tree as YAML for people, each value with its origin in a comment behind it. Mask secrets before.
    public var annotatedYAML: String {
        var lines: [Line] = []
        Self.write(self, indent: 0, lead: "", into: &lines)
        // The comments stand in one column where the values are short.
        let width = lines.lazy.map(\.text.count).filter { $0 <= 60 }.max() ?? 0
        return lines.map { line in
            guard let comment = line.comment else { return line.text + "\n" }
            return line.text + String(repeating: " ", count: max(0, width - line.text.count) + 2) + "# \(comment)\n"
        }.joined()
    }

    private struct Line {
        var text: String
        var comment: String?
    }

    /// - Parameter lead: What stands before the value in its line: a key with its colon, or the dashes of lists.
    private static func write(_ node: ConfigurationNode, indent: Int, lead: String, into lines: inout [Line]) {
        let margin = String(repeating: " ", count: indent)
        let comment = node.origin.description.replacingLineEnds
        let gap = lead.isEmpty || lead.hasSuffix(" ") ? "" : " "
        switch node.value {
        case .null: lines.append(Line(text: margin + lead + gap + "null", comment: comment))
        case .scalar(let scalar): lines.append(Line(text: margin + lead + gap + YAMLText.spell(scalar), comment: comment))
        case .sequence(let elements) where elements.isEmpty: lines.append(Line(text: margin + lead + gap + "[]", comment: comment))
        case .mapping(let mapping) where mapping.isEmpty: lines.append(Line(text: margin + lead + gap + "{}", comment: comment))
        case .sequence(let elements):
            if !lead.isEmpty { lines.append(Line(text: margin + lead)) }
            let inner = lead.isEmpty ? indent : indent + 2
            for element in elements { write(element, indent: inner, lead: "-", into: &lines) }
        case .mapping(let mapping):
            var dash = lead == "-" ? "- " : ""
            if !lead.isEmpty, dash.isEmpty { lines.append(Line(text: margin + lead)) }
            let inner = lead.isEmpty ? indent : indent + 2
            for entry in mapping {
                // The first key of a list's item stands in the line of the dash.
                let key = YAMLText.spell(key: entry.key) + ":"
                if dash.isEmpty {
                    write(entry.value, indent: inner, lead: key, into: &lines)
                } else {
                    let start = lines.count
                    write(entry.value, indent: inner, lead: key, into: &lines)
                    lines[start].text = margin + dash + lines[start].text.dropFirst(inner)
                    dash = ""
                }
            }
        }
    }

    /// The tree as JSON with, beside it, the origin of each single value by its key path: `{"plan": …, "origins": {"providers[0].module":
    /// "Config/demo.yaml:9"}}`. Mask secrets before.
    public var annotatedJSON: JSONValue {
        var origins = JSONObject()
        collectOrigins(path: "", into: &origins)
        return .object(["plan": json, "origins": .object(origins)])
    }

    private func collectOrigins(path: String, into origins: inout JSONObject) {
        switch value {
        case .null, .scalar: origins[path] = .string(origin.description)
        case .sequence(let elements):
            for (index, element) in elements.enumerated() { element.collectOrigins(path: path.appendingIndex(index), into: &origins) }
        case .mapping(let mapping):
            for entry in mapping { entry.value.collectOrigins(path: path.appendingKey(entry.key), into: &origins) }
        }
    }
}

extension String {
    fileprivate var replacingLineEnds: String { String(map { $0.isNewline ? " " : $0 }) }
}
