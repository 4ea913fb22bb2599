extension MountPlan {
    /// What is wrong with the names that the providers are mounted under, by the rules of Amplifier's kernel: of several entries of one
    /// module all but one have an `instance_id`, and no two are mounted under the same name.
    public var instanceIssues: [ConfigurationIssue] { Self.instanceIssues(of: providers) }

    static func instanceIssues(of providers: [ModuleSpec]) -> [ConfigurationIssue] {
        var unnamed: [String: ModuleSpec] = [:]
        var mounted: [String: ModuleSpec] = [:]
        var issues: [ConfigurationIssue] = []
        for spec in providers {
            if spec.instanceID == nil, let first = unnamed.updateValue(spec, forKey: spec.module) {
                // The first words are Amplifier's, by which people search.
                issues.append(
                    ConfigurationIssue(
                        .error, .duplicate,
                        "Multi-instance providers require explicit 'instance_id': \(spec.module) is already mounted by \(first.path)",
                        keyPath: spec.path, origin: spec.origin, hint: "add `instance_id: …` to all of them but one"))
            } else if let first = mounted.updateValue(spec, forKey: spec.mountName) {
                issues.append(
                    ConfigurationIssue(
                        .error, .duplicate, "the name \(spec.mountName.quotedForMessage) is already taken by \(first.path)",
                        keyPath: spec.path, origin: spec.origin, hint: "give it another `instance_id`"))
            }
        }
        return issues
    }
}
