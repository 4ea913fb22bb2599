/// Reads a mount plan from a configuration and collects what is wrong in it. The rules are those of Amplifier's kernel, which also takes
/// a module's name alone for the orchestrator and the context.
struct MountPlanReader {
    private static let sections = ["session", "orchestrator", "context", "providers", "tools", "hooks", "agents"]
    private static let sessionKeys = [
        "orchestrator", "context", "orchestrator_source", "context_source", "metadata", "raw", "injection_budget_per_turn",
        "injection_size_limit",
    ]
    private static let moduleKeys = ["module", "source", "config", "instance_id", "id"]

    private let root: ConfigurationNode
    private(set) var issues: [ConfigurationIssue] = []

    init(_ root: ConfigurationNode) { self.root = root }

    mutating func plan() -> MountPlan {
        if root.mapping == nil, !root.isNull {
            add(.invalidValue, "expected keys and values, found \(root.found)", "", root.origin, hint: "begin with `providers:`")
        }
        // `x-…` is where people keep what they refer to with aliases.
        warnUnknown(in: root, known: Self.sections, path: "") { $0.hasPrefix("x-") }
        let session = root["session"]
        if let session, !session.isNull {
            if session.mapping == nil { add(.invalidValue, "expected a mapping, found \(session.found)", "session", session.origin) }
            warnUnknown(in: session, known: Self.sessionKeys, path: "session")
        }
        let providers = modules("providers")
        issues += MountPlan.instanceIssues(of: providers)
        return MountPlan(
            orchestrator: sessionModule("orchestrator"), context: sessionModule("context"), providers: providers,
            tools: modules("tools"), hooks: modules("hooks"), node: root)
    }

    // MARK: The session's own modules

    /// `session.<key>`: a name or a module; its source may stand in `session.<key>_source`, its configuration in `<key>.config`.
    private mutating func sessionModule(_ key: String) -> ModuleSpec? {
        let path = "session.\(key)"
        let further = root[key]?["config"]
        guard let node = root["session"]?[key], !node.isUnset else {
            issues.append(
                ConfigurationIssue(
                    .warning, .missing, "not set; the host's own is used, and Amplifier refuses such a plan", keyPath: path,
                    origin: root["session"]?.origin ?? root.origin,
                    hint: key == "orchestrator" ? "set it to `loop-streaming` or `loop-basic`" : "set it to `context-simple`"))
            return nil
        }
        var spec: ModuleSpec
        if let name = node.string {
            spec = ModuleSpec(module: name, origin: node.origin, path: path)
        } else {
            guard let read = module(node, path: path) else { return nil }
            spec = read
        }
        spec.source = spec.source ?? text(root["session"]?["\(key)_source"], path: "session.\(key)_source")
        if let further, check(further, path: "\(key).config") {
            spec.config = spec.config.map { further.mergingPart($0) } ?? further
        }
        return spec
    }

    // MARK: Lists of modules

    private mutating func modules(_ key: String) -> [ModuleSpec] {
        guard let node = root[key], !node.isNull else { return [] }
        guard let items = node.sequence else {
            add(.invalidValue, "expected a list of modules, found \(node.found)", key, node.origin, hint: "write `- module: …` below it")
            return []
        }
        var specs: [ModuleSpec] = []
        for (index, item) in items.enumerated() {
            if let spec = module(item, path: key.appendingIndex(index)) { specs.append(spec) }
        }
        return specs
    }

    private mutating func module(_ node: ConfigurationNode, path: String) -> ModuleSpec? {
        guard node.mapping != nil else {
            let hint = node.string.map { "write `module: \($0)`" } ?? "write `module: …`"
            add(.invalidValue, "expected a mapping with `module`, found \(node.found)", path, node.origin, hint: hint)
            return nil
        }
        warnUnknown(in: node, known: Self.moduleKeys, path: path)
        let source = text(node["source"], path: path.appendingKey("source"))
        let idKey = node["instance_id"] == nil ? "id" : "instance_id"
        let instanceID = text(node[idKey], path: path.appendingKey(idKey))
        let config = node["config"].flatMap { check($0, path: path.appendingKey("config")) ? $0 : nil }
        guard let name = node["module"], !name.isUnset else {
            let place = node["module"]?.origin ?? node.origin
            add(.missing, "the module's name is missing", path.appendingKey("module"), place, hint: "such as `module: provider-vllm`")
            return nil
        }
        guard let module = text(name, path: path.appendingKey("module")) else { return nil }
        return ModuleSpec(
            module: module, source: source, sourceOrigin: node["source"]?.origin, instanceID: instanceID, config: config,
            origin: node.origin, path: path)
    }

    // MARK: Values

    private mutating func check(_ config: ConfigurationNode, path: String) -> Bool {
        if config.mapping != nil { return true }
        if !config.isNull {
            add(.invalidValue, "expected a mapping, found \(config.found)", path, config.origin, hint: "write `key: value` lines below it")
        }
        return false
    }

    private mutating func text(_ node: ConfigurationNode?, path: String) -> String? {
        guard let node, !node.isUnset else { return nil }
        guard let text = node.string else {
            add(.invalidValue, "expected a text, found \(node.found)", path, node.origin)
            return nil
        }
        return text
    }

    private mutating func warnUnknown(
        in node: ConfigurationNode, known: [String], path: String, except isAllowed: (String) -> Bool = { _ in false }
    ) {
        for entry in node.mapping ?? ConfigurationMapping() where !known.contains(entry.key) && !isAllowed(entry.key) {
            issues.append(
                ConfigurationIssue(
                    .warning, .unknownKey, "unknown key", keyPath: path.appendingKey(entry.key), origin: entry.keyOrigin,
                    hint: Suggestion.hint(for: entry.key, among: known)))
        }
    }

    private mutating func add(
        _ code: ConfigurationIssue.Code, _ message: String, _ path: String, _ origin: ConfigurationOrigin, hint: String? = nil
    ) {
        issues.append(ConfigurationIssue(.error, code, message, keyPath: path, origin: origin, hint: hint))
    }
}
