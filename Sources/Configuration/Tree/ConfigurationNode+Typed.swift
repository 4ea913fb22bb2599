import Redaction

/// Reading a node as the type that somebody asks for, as a person means it: quotation marks do not matter.
extension ConfigurationNode {
    /// The text of a single value, whatever it looks like.
    public var string: String? { scalar?.text }

    /// `true`, `yes`, `on`, `1` and their opposites, in any case.
    public var bool: Bool? {
        switch scalar?.text.lowercased() {
        case "true", "yes", "on", "1": true
        case "false", "no", "off", "0": false
        default: nil
        }
    }

    /// A whole number: `300`, `"300"`, `300.0`, `3e2`, `0x12C`.
    public var int: Int? {
        guard let text = scalar?.text else { return nil }
        return CoreSchema.int(text) ?? CoreSchema.double(text).flatMap { Int(exactly: $0) }
    }

    /// A finite number.
    public var double: Double? {
        guard let text = scalar?.text else { return nil }
        return CoreSchema.double(text) ?? CoreSchema.int(text).map(Double.init)
    }

    /// A time in seconds: a number, or a number with one of the units `ms`, `s`, `m`, `h`, `d` behind it (`500ms`, `5m`). May be too long for
    /// `Duration`, and infinite where the unit makes it so; a field of seconds takes neither.
    public var seconds: Double? {
        guard let text = scalar?.text else { return nil }
        for (unit, factor) in Self.units where text.hasSuffix(unit) {
            var number = text.dropLast(unit.count)
            if number.last == " " { number.removeLast() }
            return CoreSchema.double(String(number)).map { $0 * factor }
        }
        return double
    }

    // `ms` before `s`: the first unit that fits is taken.
    private static let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]

    /// A list of texts; a single value is a list of one.
    public var strings: [String]? { list(of: \.string) }

    /// A list of whole numbers; a single one is a list of one.
    public var ints: [Int]? { list(of: \.int) }

    /// A list of mappings; a single one is a list of one.
    public var mappings: [ConfigurationNode]? { list { $0.mapping == nil ? nil : $0 } }

    private func list<Element>(of element: (ConfigurationNode) -> Element?) -> [Element]? {
        guard case .sequence(let nodes) = value else { return element(self).map { [$0] } }
        let elements = nodes.compactMap(element)
        return elements.count == nodes.count ? elements : nil
    }

    /// What is there instead of what was expected, for a message.
    var found: String {
        switch value {
        case .null: "nothing"
        // It may be a header field with a key, put where a mapping is expected.
        case .scalar(let scalar): Redactor().redact(scalar.text).quotedForMessage
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
