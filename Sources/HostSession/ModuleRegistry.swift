public import Configuration
import PluginLoading
public import ProviderKit
import Suggestions

/// The modules that a host has, built in or as plugins, by the names that mount plans use.
public struct ModuleRegistry: Sendable {
    /// Makes a provider from its entry in a mount plan. It must not touch the network.
    public typealias ProviderMount = @Sendable (ModuleSpec, ProviderContext) throws -> any Provider
    /// Makes a tool from its entry in a mount plan.
    public typealias ToolMount = @Sendable (ModuleSpec) throws -> any HostTool

    private(set) var providers: [String: ProviderMount] = [:]
    private var tools: [String: ToolMount] = [:]
    /// What each module's configuration may hold, as far as it is known.
    public private(set) var schemas: [String: ConfigurationSchema] = [SessionLogHook.moduleName: SessionLogHook.schema]
    /// Those of the providers that are plugins, which are not asked anything before their code is loaded.
    private(set) var plugins: Set<String> = []
    /// Where plugins were looked for; `nil` where they were not.
    var pluginFolders: PluginFolders?

    /// The environment variables that modules read secrets from.
    var secretVariables: Set<String> {
        Set(schemas.values.flatMap { $0.fields.filter(\.isSecret).compactMap(\.environmentVariable) })
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

    /// Adds a plugin that was found. Where it does not say what its configuration may hold, that may be anything.
    mutating func addPlugin(_ name: String, schema: ConfigurationSchema?, mount: @escaping ProviderMount) {
        addProvider(name, schema: schema ?? ConfigurationSchema(name: name, fields: [], allowsOtherKeys: true), mount: mount)
        plugins.insert(name)
    }

    /// Adds a kind of tool.
    public mutating func addTool(_ module: String, schema: ConfigurationSchema? = nil, mount: @escaping ToolMount) {
        tools[module] = mount
        schemas[module] = schema
    }

    /// Makes the provider that an entry of a mount plan asks for.
    /// - Throws: `HostError` for a module that this host does not have, or whatever the module's mount function throws.
    public func mountProvider(_ spec: ModuleSpec, context: ProviderContext) throws -> any Provider {
        // Where plugins are not loaded, a plan's word of where a module comes from means nothing.
        if let mount = providers[pluginFolders == nil ? spec.module : spec.registryName] { return try mount(spec, context) }
        let known = Set(providers.keys.filter { !$0.contains(" ") } + (pluginFolders?.installed ?? []))
        throw HostError.moduleNotFound(
            spec, kind: "provider", known: known.sorted(), lookedIn: pluginFolders?.candidates(spec.module) ?? [])
    }

    /// Makes the tool that an entry of a mount plan asks for.
    /// - Throws: `HostError` for a module that this host does not have, or whatever the module's mount function throws.
    public func mountTool(_ spec: ModuleSpec) throws -> any HostTool {
        guard let mount = tools[spec.module] else { throw HostError.moduleNotFound(spec, kind: "tool", known: tools.keys.sorted()) }
        return try mount(spec)
    }
}

extension HostError {
    /// A module that a plan names and that is nowhere.
    /// - Parameters:
    ///   - known: the modules of this kind that there are.
    ///   - lookedIn: the folders in which a plugin of that name would lie.
    static func moduleNotFound(_ spec: ModuleSpec, kind: String, known: [String], lookedIn: [String] = []) -> HostError {
        var hint = nearest(to: spec.module, among: known).map { "did you mean `\($0)`? " } ?? ""
        hint += known.isEmpty ? "this host has no \(kind) modules" : "the \(kind) modules here are \(known.joined(separator: ", "))"
        if !lookedIn.isEmpty { hint += "; a plugin was looked for in \(lookedIn.joined(separator: ", "))" }
        return HostError(
            .moduleNotFound, "there is no \(kind) module \"\(spec.module)\"", place: "\(spec.origin.place): \(spec.path)", hint: hint)
    }
}
