public import Configuration
public import PluginLoading

extension ModuleRegistry {
    /// The registry with the plugins that a plan's providers name: with a path as `source`, or by the names of modules that are not built
    /// in. Their manifests are read, and their libraries are not loaded before a provider of theirs is mounted. What is wrong with a plugin
    /// is told by `mountProvider`, and so by `issues(in:)`.
    /// - Returns: the registry, and warnings of sources that this host passes over.
    public func includingPlugins(
        of plan: MountPlan, from folders: PluginFolders
    ) -> (registry: ModuleRegistry, warnings: [ConfigurationIssue]) {
        var registry = self
        registry.pluginFolders = folders
        var warnings: [ConfigurationIssue] = []
        for spec in plan.providers {
            do throws(PluginError) {
                switch spec.moduleSource {
                case .path(let path): registry.add(try folders.plugin(spec.module, at: path), as: spec.registryName)
                case .remote(let source):
                    if let issue = try registry.include(spec, notFetching: source, from: folders) { warnings.append(issue) }
                case nil: _ = try registry.find(spec.module, in: folders)
                }
            } catch {
                registry.addProvider(spec.registryName) { spec, _ in throw HostError.pluginFailed(error, spec) }
            }
        }
        return (registry, warnings)
    }

    /// Adds the plugin of a module that is not built in.
    /// - Returns: whether there is such a module now.
    private mutating func find(_ module: String, in folders: PluginFolders) throws(PluginError) -> Bool {
        if providers[module] != nil { return true }
        guard let plugin = try folders.plugin(module) else { return false }
        add(plugin, as: module)
        return true
    }

    /// A source that other hosts fetch: a module of that name that is here serves.
    private mutating func include(
        _ spec: ModuleSpec, notFetching source: String, from folders: PluginFolders
    ) throws(PluginError) -> ConfigurationIssue? {
        guard try find(spec.module, in: folders) else {
            addProvider(spec.module) { spec, _ in
                throw HostError(
                    .pluginFailed, "this host does not fetch modules, and \"\(spec.module)\" is to come from \(spec.source ?? "elsewhere")",
                    place: "\((spec.sourceOrigin ?? spec.origin).place): \(spec.path).source",
                    hint: "install the plugin, and give its folder as `source`")
            }
            return nil
        }
        return ConfigurationIssue(
            .warning, .invalidValue, "this host does not fetch modules: its own \(spec.module) is used, and not that of \(source)",
            keyPath: "\(spec.path).source", origin: spec.sourceOrigin ?? spec.origin, hint: "a path, or no `source`, says the same here")
    }

    private mutating func add(_ plugin: Plugin, as name: String) {
        addPlugin(name, schema: plugin.manifest.schema) { spec, context in
            do { return try plugin.makeProvider(configuration: spec.config, path: "\(spec.path).config", context: context) } catch let error
                as PluginError
            { throw HostError.pluginFailed(error, spec) }
        }
    }
}

extension HostError {
    fileprivate static func pluginFailed(_ error: PluginError, _ spec: ModuleSpec) -> HostError {
        let isAsked = spec.source != nil
        return HostError(
            .pluginFailed, "the plugin \"\(spec.module)\" cannot be used: \(error.path): \(error.message)",
            place: "\(((isAsked ? spec.sourceOrigin : nil) ?? spec.origin).place): \(spec.path)\(isAsked ? ".source" : "")",
            hint: error.hint)
    }
}
