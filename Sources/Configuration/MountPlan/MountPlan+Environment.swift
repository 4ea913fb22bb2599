extension MountPlan {
    /// The environment variables that a module may read.
    ///
    /// In a plan of several providers one whose server the plan names does not get the variables of its secrets: a key that was set for one
    /// server must not reach another, and a variable does not say whose it is. Where the server comes from the environment, too, or from the
    /// command line, the same person has said both.
    public func environment(
        of spec: ModuleSpec, schemas: [String: ConfigurationSchema], _ environment: [String: String]
    ) -> [String: String] {
        guard providers.count > 1, providers.contains(where: { $0.path == spec.path }), let schema = schemas.schema(of: spec) else {
            return environment
        }
        return schema.environment(environment, withoutSecretsIfServerIsNamedIn: spec.config)
    }
}

extension ConfigurationSchema {
    /// The keys that say where a provider's server is.
    private static let addressKeys = ["base_url", "base_urls"]

    func environment(
        _ environment: [String: String], withoutSecretsIfServerIsNamedIn config: ConfigurationNode?
    ) -> [String: String] {
        let addresses = Self.addressKeys.compactMap { key in
            config?[key].flatMap { $0.isUnset ? nil : (origin: $0.origin, variable: self[key]?.environmentVariable) }
        }
        let isNamedByPlan = addresses.contains { address in
            switch address.origin {
            case .commandLine: false
            case .environment(let variables, _): address.variable.map { !variables.contains($0) } ?? true
            default: true
            }
        }
        guard isNamedByPlan else { return environment }
        let secrets = Set(fields.filter(\.isSecret).compactMap(\.environmentVariable))
        return environment.filter { !secrets.contains($0.key) }
    }
}
