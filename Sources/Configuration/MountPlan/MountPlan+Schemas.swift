extension MountPlan {
    /// All modules of the plan.
    public var modules: [ModuleSpec] { [orchestrator, context].compactMap { $0 } + providers + tools + hooks }

    /// What is wrong in the configurations of the modules whose schema is known, by the module's name.
    public func issues(
        schemas: [String: ConfigurationSchema], environment: [String: String]
    ) -> [ConfigurationIssue] {
        modules.flatMap { spec in
            let environment = self.environment(of: spec, schemas: schemas, environment)
            return schemas.schema(of: spec)?
                .resolve(configNode(of: spec), environment: environment, path: spec.path.appendingKey("config")).issues ?? []
        }
    }

    /// The plan with everything that counts for the providers, tools and hooks whose schema is known: also what environment variables add,
    /// and the defaults.
    public func effective(schemas: [String: ConfigurationSchema], environment: [String: String]) -> ConfigurationNode {
        var root = node.mapping ?? ConfigurationMapping()
        for key in ModuleSpec.listKeys.sorted() {
            guard let entry = root.entry(key), let items = entry.value.sequence else { continue }
            let shown = items.map { item in
                guard let schema = schemas.schema(ofEntry: item), var module = item.mapping else { return item }
                let read =
                    key == "providers" && items.count > 1
                    ? schema.environment(environment, withoutSecretsIfServerIsNamedIn: item["config"]) : environment
                let config = schema.effective(item["config"], environment: read)
                module.set(config, for: "config", keyOrigin: module.entry("config")?.keyOrigin ?? item.origin)
                return ConfigurationNode(.mapping(module), origin: item.origin)
            }
            root.set(ConfigurationNode(.sequence(shown), origin: entry.value.origin), for: key, keyOrigin: entry.keyOrigin)
        }
        return ConfigurationNode(.mapping(root), origin: node.origin)
    }

    /// The plan with values given on the command line, set in the configuration of one provider (of the first where none is named).
    /// - Parameter index: The provider's place in `providers`.
    public func applying(_ overrides: [ConfigurationOverride], toProvider index: Int = 0) -> MountPlan {
        guard providers.indices.contains(index) else { return self }
        var plan = self
        let spec = providers[index]
        let config = overrides.reduce(configNode(of: spec)) { $0.applying($1) }
        plan.providers[index].config = config
        plan.node = node.replacingConfig(with: config, at: spec.path)
        return plan
    }

    /// The place in `providers` of the provider that a session asks: the one with the lowest `priority` (100 where there is none), the first
    /// of those; `nil` where the plan has no providers. A wrong priority counts as its default: `issues` tells of it.
    public func selectedProviderIndex(schemas: [String: ConfigurationSchema], environment: [String: String]) -> Int? {
        let priorities = providers.map { spec in
            let schema = schemas.schema(of: spec)
            let resolved = schema?.resolve(spec.config, environment: environment, path: spec.path).values.int("priority")
            return resolved ?? (schema?["priority"] == nil ? spec.config?["priority"]?.int : nil) ?? 100
        }
        // `min` takes the first of equal ones.
        return priorities.indices.min { priorities[$0] < priorities[$1] }
    }

    /// A module's configuration, or an empty one that stands where the module does.
    private func configNode(of spec: ModuleSpec) -> ConfigurationNode {
        spec.config ?? ConfigurationNode(.mapping(ConfigurationMapping()), origin: spec.origin)
    }
}

extension ConfigurationNode {
    /// The root of a plan with another `config` for the provider that has the key path `path`.
    fileprivate func replacingConfig(with config: ConfigurationNode, at path: String) -> ConfigurationNode {
        guard var root = mapping, let entry = root.entry("providers"), var items = entry.value.sequence,
            let index = items.indices.first(where: { "providers".appendingIndex($0) == path }), var module = items[index].mapping
        else { return self }
        module.set(config, for: "config", keyOrigin: module.entry("config")?.keyOrigin ?? items[index].origin)
        items[index] = ConfigurationNode(.mapping(module), origin: items[index].origin)
        root.set(ConfigurationNode(.sequence(items), origin: entry.value.origin), for: "providers", keyOrigin: entry.keyOrigin)
        return ConfigurationNode(.mapping(root), origin: origin)
    }
}
