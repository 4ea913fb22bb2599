/// Builds the tree of a document from libyaml's events: anchors, merge keys and tags are resolved, and the limits are kept.
///
/// What is wrong is collected where the rest can still be read; malformed YAML and a broken limit end the reading.
struct YAMLComposer {
    /// A subtree and what it weighs with all aliases put in.
    struct Composed {
        var node: ConfigurationNode
        var height = 1
        var nodes = 1
        var textBytes = 0

        /// Takes a subtree of this one into account.
        mutating func add(_ part: Composed) {
            height = max(height, part.height + 1)
            nodes += part.nodes
            textBytes += part.textBytes
        }
    }

    private enum Anchor {
        case open
        case complete(Composed)
    }

    /// So many problems of one file are listed; then the reading ends.
    private static let issueLimit = 50

    let events: YAMLEventReader
    private let limits: ConfigurationLimits
    private var anchors: [String: Anchor] = [:]
    private var nodes = 0
    private var textBytes = 0
    private var issues: [ConfigurationIssue] = []

    private init(_ events: YAMLEventReader, limits: ConfigurationLimits) {
        self.events = events
        self.limits = limits
    }

    /// Reads the one document of a file; an empty file is a null.
    static func compose(_ events: YAMLEventReader, limits: ConfigurationLimits) throws(ConfigurationError) -> ConfigurationNode {
        var composer = YAMLComposer(events, limits: limits)
        let node = try composer.file()
        guard composer.issues.isEmpty else { throw ConfigurationError(composer.issues) }
        return node
    }

    private mutating func file() throws(ConfigurationError) -> ConfigurationNode {
        var root: ConfigurationNode?
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd: return root ?? ConfigurationNode(.null, origin: .file(event.location))
            case .documentStart:
                if root != nil {
                    try fail(.syntax, "a second document begins here", at: event.location, hint: "a file holds one; remove the '---'")
                }
                root = try node(events.next(), depth: 1, path: "").node
            default: continue
            }
        }
    }

    mutating func node(_ event: YAMLEvent, depth: Int, path: String) throws(ConfigurationError) -> Composed {
        guard depth <= limits.depth else { try failDepth(at: event.location) }
        let properties: YAMLEvent.Properties
        var result: Composed
        switch event.kind {
        case .alias(let name): return try alias(name, depth: depth, path: path, at: event.location)
        case .scalar(let text, let isPlain, let found):
            properties = found
            let value = try scalar(text, isPlain: isPlain, tag: found.tag, path: path, at: event.location)
            result = Composed(node: ConfigurationNode(value, origin: .file(event.location)), textBytes: text.utf8.count)
            try count(nodes: 1, textBytes: text.utf8.count, at: event.location)
        case .sequenceStart(let found):
            properties = found
            if let anchor = found.anchor { anchors[anchor] = .open }
            try check(found.tag, is: "seq", path: path, at: event.location)
            try count(nodes: 1, textBytes: 0, at: event.location)
            result = try sequence(at: event.location, depth: depth, path: path)
        case .mappingStart(let found):
            properties = found
            if let anchor = found.anchor { anchors[anchor] = .open }
            try check(found.tag, is: "map", path: path, at: event.location)
            try count(nodes: 1, textBytes: 0, at: event.location)
            result = try mapping(at: event.location, depth: depth, path: path)
        default:
            // libyaml's grammar has nothing else where a value belongs.
            return Composed(node: ConfigurationNode(.null, origin: .file(event.location)))
        }
        if let anchor = properties.anchor { anchors[anchor] = .complete(result) }
        return result
    }

    private mutating func sequence(at location: SourceLocation, depth: Int, path: String) throws(ConfigurationError) -> Composed {
        var result = Composed(node: ConfigurationNode(.null, origin: .file(location)))
        var elements: [ConfigurationNode] = []
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind { break }
            let element = try node(event, depth: depth + 1, path: path.appendingIndex(elements.count))
            result.add(element)
            elements.append(element.node)
        }
        result.node.value = .sequence(elements)
        return result
    }

    private mutating func alias(
        _ name: String, depth: Int, path: String, at location: SourceLocation
    ) throws(ConfigurationError) -> Composed {
        switch anchors[name] {
        case .complete(let anchored):
            guard depth + anchored.height - 1 <= limits.depth else { try failDepth(at: location) }
            try count(nodes: anchored.nodes, textBytes: anchored.textBytes, at: location)
            return anchored
        case .open: try add(.syntax, "the alias *\(name) stands inside of what it refers to", path: path, at: location)
        case nil:
            try add(
                .syntax, "there is no anchor &\(name) before this alias", path: path, at: location,
                hint: "put quotation marks around a value that begins with '*'")
        }
        return Composed(node: ConfigurationNode(.null, origin: .file(location)))
    }
}

// MARK: Tags

extension YAMLComposer {
    private mutating func scalar(
        _ text: String, isPlain: Bool, tag: String?, path: String, at location: SourceLocation
    ) throws(ConfigurationError) -> ConfigurationNode.Value {
        let untagged: ConfigurationNode.Value =
            isPlain && CoreSchema.isNull(text) ? .null : .scalar(ConfigurationScalar(text, isPlain: isPlain))
        guard let tag else { return untagged }
        do {
            return try YAMLTag(tag).value(of: text)
        } catch {
            try add(.syntax, error.message, path: path, at: location, hint: error.hint)
            return untagged
        }
    }

    private mutating func check(_ tag: String?, is kind: String, path: String, at location: SourceLocation) throws(ConfigurationError) {
        guard let tag else { return }
        do {
            try YAMLTag(tag).check(is: kind)
        } catch {
            try add(.syntax, error.message, path: path, at: location, hint: error.hint)
        }
    }
}

// MARK: Problems and limits

extension YAMLComposer {
    mutating func add(
        _ code: ConfigurationIssue.Code, _ message: String, path: String, at location: SourceLocation, hint: String? = nil
    ) throws(ConfigurationError) {
        issues.append(ConfigurationIssue(.error, code, message, keyPath: path, origin: .file(location), hint: hint))
        if issues.count == Self.issueLimit { throw ConfigurationError(issues) }
    }

    private func fail(
        _ code: ConfigurationIssue.Code, _ message: String, at location: SourceLocation, hint: String? = nil
    ) throws(ConfigurationError) -> Never {
        throw ConfigurationError(issues + [ConfigurationIssue(.error, code, message, origin: .file(location), hint: hint)])
    }

    private func failDepth(at location: SourceLocation) throws(ConfigurationError) -> Never {
        try fail(.tooLarge, "lists and mappings are nested more than \(limits.depth) deep", at: location)
    }

    private mutating func count(nodes: Int, textBytes: Int, at location: SourceLocation) throws(ConfigurationError) {
        self.nodes += nodes
        self.textBytes += textBytes
        if self.nodes > limits.nodes {
            try fail(.tooLarge, "the file holds more than \(limits.nodes) values, aliases put in", at: location)
        }
        if self.textBytes > limits.textBytes {
            try fail(.tooLarge, "the file holds more than \(limits.textBytes) bytes of text, aliases put in", at: location)
        }
    }
}
