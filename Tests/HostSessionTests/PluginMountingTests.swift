import Configuration
import HostSession
import JSON
import PluginLoading
import ProviderKit
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Plugins in a mount plan")
struct PluginMountingTests {
    /// A folder of plugins with one, `provider-x`, whose library is none.
    private func withPlugins(_ body: (String) throws -> Void) throws {
        try withTemporaryDirectory { root in
            mkdir(root + "/provider-x", 0o755)
            let schema = #"{"type": "object", "properties": {"key": {"type": "string", "writeOnly": true}}, "additionalProperties": false}"#
            let digest = String(repeating: "0", count: 64)
            let manifest =
                #"{"id": "provider-x", "abi_version": 1, "type": "provider", "entry": {"library": "lib.so"}, "#
                + #""sha256": "\#(digest)", "config_schema": \#(schema)}"#
            try writeFile(root + "/provider-x/manifest.json", manifest.utf8)
            chmod(root + "/provider-x/manifest.json", 0o644)
            try body(root)
        }
    }

    private func plan(_ provider: String, file: String = "plan.yaml") throws -> MountPlan {
        var issues: [ConfigurationIssue] = []
        return MountPlan(
            try ConfigurationReader().node(parsing: "providers: [{\(provider)}]".utf8, file: file), issues: &issues)
    }

    private func registry() -> ModuleRegistry {
        var registry = ModuleRegistry()
        registry.addProvider("provider-own") { _, _ in ScriptedProvider([.text("I am built in.")]) }
        return registry
    }

    /// What mounting the plan's first provider throws, and the warnings.
    private func failure(_ plan: MountPlan, _ folders: PluginFolders) throws -> (error: HostError?, warnings: [ConfigurationIssue]) {
        let (registry, warnings) = registry().includingPlugins(of: plan, from: folders)
        let spec = try #require(plan.providers.first)
        do {
            _ = try registry.mountProvider(spec, context: ProviderContext())
            return (nil, warnings)
        } catch { return (error as? HostError, warnings) }
    }

    @Test("the host's own module comes first, and no plugin of its name is looked at")
    func builtIn() throws {
        try withPlugins { root in
            #expect(rename(root + "/provider-x", root + "/provider-own") == 0)
            let error = try failure(plan("module: provider-own"), PluginFolders(roots: [root])).error
            #expect(error == nil)
        }
    }

    @Test("a plugin that a plan names is checked by its manifest's schema, and loaded when it is mounted")
    func named() throws {
        try withPlugins { root in
            let plan = try plan("module: provider-x, config: {kay: 1}")
            let (registry, _) = registry().includingPlugins(of: plan, from: PluginFolders(roots: [root]))
            #expect(registry.schemas["provider-x"]?.secretKeys == ["key"])
            let issues = registry.issues(in: plan, environment: [:])
            #expect(issues.first { $0.code == .unknownKey }?.hint == "did you mean `key`?")
            let error = try failure(plan, PluginFolders(roots: [root])).error
            #expect(error?.code == .pluginFailed)
            #expect(error?.message == "the plugin \"provider-x\" cannot be used: \(root)/provider-x/lib.so: is not there")
            #expect(error?.place == "plan.yaml:1:13: providers[0]")
        }
    }

    @Test("`source` goes before what is built in, as a path that goes out from the plan's own file")
    func source() throws {
        try withPlugins { root in
            for source in [root + "/provider-x", "provider-x/", "./provider-x/manifest.json", "file://\(root)/provider-x"] {
                let plan = try plan("module: provider-x, source: \"\(source)\"", file: root + "/plan.yaml")
                let error = try failure(plan, PluginFolders(roots: [])).error
                #expect(error?.code == .pluginFailed)
                #expect(error?.message.hasSuffix("lib.so: is not there") == true)
                #expect(error?.place == "\(root)/plan.yaml:1:42: providers[0].source")
            }
            let own = try plan("module: provider-own, source: ./provider-x", file: root + "/plan.yaml")
            let error = try failure(own, PluginFolders(roots: [])).error
            #expect(error?.message.hasSuffix("manifest.json: this is the module provider-x, not provider-own") == true)
            #expect(error?.hint == "write `module: provider-x`")
            let missing = try failure(plan("module: provider-x, source: ./none"), PluginFolders(roots: [root])).error
            #expect(missing?.message == "the plugin \"provider-x\" cannot be used: ./none: is not there")
        }
    }

    @Test("a module that is nowhere: the error says what there is, and where a plugin was looked for")
    func notFound() throws {
        try withPlugins { root in
            let error = try failure(plan("module: provider-xx"), PluginFolders(roots: [root, "no-plugins"])).error
            #expect(error?.code == .moduleNotFound)
            #expect(
                error?.hint == "did you mean `provider-x`? the provider modules here are provider-own, provider-x; "
                    + "a plugin was looked for in \(root)/provider-xx, no-plugins/provider-xx")
        }
    }

    @Test("nothing is fetched: a source of another machine is an error, and a warning where the module is here")
    func remote() throws {
        let source = "source: \"git+https://example.org/x@main\""
        let (error, warnings) = try failure(plan("module: provider-x, \(source)"), PluginFolders(roots: []))
        #expect(error?.code == .pluginFailed)
        #expect(error?.description.contains("this host does not fetch modules, and \"provider-x\" is to come from git+https://") == true)
        #expect(error?.hint == "install the plugin, and give its folder as `source`")
        #expect(warnings.isEmpty)
        let (none, told) = try failure(plan("module: provider-own, \(source)"), PluginFolders(roots: []))
        #expect(none == nil)
        #expect(told.map(\.severity) == [.warning])
        #expect(told.first?.keyPath == "providers[0].source")
        #expect(told.first?.message.contains("its own provider-own is used") == true)
    }

    @Test("plugins that no plan names are not looked at")
    func unnamed() throws {
        try withPlugins { root in
            chmod(root + "/provider-x", 0o777)
            let (registry, warnings) = registry().includingPlugins(of: try plan("module: provider-own"), from: PluginFolders(roots: [root]))
            #expect(registry.schemas["provider-x"] == nil)
            #expect(warnings.isEmpty)
        }
    }

    @Test("a plugin from elsewhere that has the name of a built-in module is not checked by that one's schema")
    func foreignSchema() throws {
        try withTemporaryDirectory { root in
            mkdir(root + "/provider-own", 0o755)
            let manifest =
                #"{"id": "provider-own", "abi_version": 1, "type": "provider", "entry": {"library": "lib.so"}, "#
                + #""sha256": "\#(String(repeating: "0", count: 64))"}"#
            try writeFile(root + "/provider-own/manifest.json", manifest.utf8)
            chmod(root + "/provider-own/manifest.json", 0o644)
            var registry = ModuleRegistry()
            let schema = ConfigurationSchema(name: "provider-own", fields: [ConfigurationField("key", .int, documentation: "A number.")])
            registry.addProvider("provider-own", schema: schema) { _, _ in ScriptedProvider([]) }
            let plan = try plan("module: provider-own, source: \(root)/provider-own, config: {key: text, other: 1}")
            registry = registry.includingPlugins(of: plan, from: PluginFolders(roots: [])).registry
            #expect(plan.issues(schemas: registry.schemas, environment: [:]).isEmpty)
        }
    }

    @Test("a plan can be looked at without loading its plugins; what their schemas and manifests tell is told")
    func unloaded() throws {
        try withPlugins { root in
            let plan = try plan("module: provider-x, config: {key: [1]}}, {module: provider-y}, {module: provider-x")
            let (registry, _) = registry().includingPlugins(of: plan, from: PluginFolders(roots: [root]))
            let looked = registry.issues(in: plan, environment: [:], loadsPlugins: false)
            #expect(looked.map(\.keyPath) == ["providers[0].config.key", "providers[1].module"])
            let checked = registry.issues(in: plan, environment: [:])
            #expect(checked.map(\.keyPath) == ["providers[0].config.key", "providers[1].module", "providers[2].module"])
        }
    }
}
