public import Configuration
public import ProviderKit

/// The modules that a host has built in, by the names that mount plans use.
public struct ModuleRegistry: Sendable {
    /// Makes a provider from its entry in a mount plan. It must not touch the network.
    public typealias ProviderMount = @Sendable (ModuleSpec, ProviderContext) throws -> any Provider
    /// Makes a tool from its entry in a mount plan.
    public typealias ToolMount = @Sendable (ModuleSpec) throws -> any HostTool

    private var providers: [String: ProviderMount] = [:]
    private var tools: [String: ToolMount] = [:]
    /// What each module's configuration may hold, as far as it is known.
    public private(set) var schemas: [String: ConfigurationSchema] = [SessionLogHook.moduleName: SessionLogHook.schema]

    /// The environment variables that modules read secrets from.
    var secretVariables: Set<String> {
        Set(schemas.values.flatMap { $0.fields.filter { $0.type == .secret }.compactMap(\.environmentVariable) })
    }

    /// A registry of the host's own modules: loops, context, log, and tools that are commands.
    public init() {
        for loop in LoopSettings.Kind.allCases { schemas[loop.rawValue] = LoopSettings.schema }
        addTool(CommandTool.moduleName, schema: CommandTool.schema) { spec in
            try CommandTool(configuration: spec.config, path: "\(spec.path).config")
        }
    }

    /// Adds a kind of provider.
    public mutating func addProvider(_ module: String, schema: ConfigurationSchema? = nil, mount: @escaping ProviderMount) {
        providers[module] = mount
        schemas[module] = schema
    }

    /// Adds a kind of tool.
    public mutating func addTool(_ module: String, schema: ConfigurationSchema? = nil, mount: @escaping ToolMount) {
        tools[module] = mount
        schemas[module] = schema
    }

    /// Makes the provider that an entry of a mount plan asks for.
    /// - Throws: `HostError` for a module that this host does not have, or whatever the module's mount function throws.
    public func mountProvider(_ spec: ModuleSpec, context: ProviderContext) throws -> any Provider {
        try find(spec, in: providers, kind: "provider")(spec, context)
    }

    /// Makes the tool that an entry of a mount plan asks for.
    /// - Throws: `HostError` for a module that this host does not have, or whatever the module's mount function throws.
    public func mountTool(_ spec: ModuleSpec) throws -> any HostTool {
        try find(spec, in: tools, kind: "tool")(spec)
    }

    private func find<Mount>(_ spec: ModuleSpec, in mounts: [String: Mount], kind: String) throws(HostError) -> Mount {
        if let mount = mounts[spec.module] { return mount }
        throw .moduleNotFound(spec, kind: kind, known: mounts.keys.sorted())
    }
}

extension HostError {
    static func moduleNotFound(_ spec: ModuleSpec, kind: String, known: [String]) -> HostError {
        let hint = known.isEmpty ? "this host has no \(kind) modules" : "the \(kind) modules here are \(known.joined(separator: ", "))"
        return HostError(
            .moduleNotFound, "there is no \(kind) module \"\(spec.module)\"", place: "\(spec.origin.place): \(spec.path)", hint: hint)
    }
}
