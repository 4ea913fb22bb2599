extension ConfigurationReader {
    /// Reads files, puts environment variables in, and lays each file over the ones before it.
    /// - Returns: The configuration (an empty mapping where there are no files), and warnings.
    /// - Throws: `ConfigurationError` with all that is wrong in any of the files.
    public func load(_ paths: [String]) throws(ConfigurationError) -> (node: ConfigurationNode, warnings: [ConfigurationIssue]) {
        var result = ConfigurationNode(.mapping(ConfigurationMapping()), origin: .default)
        var issues: [ConfigurationIssue] = []
        for path in paths {
            do {
                let file = expandingEnvironment(try node(contentsOf: path))
                issues += file.issues
                if file.node.mapping != nil {
                    result = result.merging(file.node)
                } else if !file.node.isNull {
                    issues.append(
                        ConfigurationIssue(
                            .error, .invalidValue, "expected keys and values, found \(file.node.found)", origin: file.node.origin,
                            hint: "begin with `providers:`"))
                }
            } catch {
                issues += error.issues
            }
        }
        guard !issues.hasErrors else { throw ConfigurationError(issues) }
        return (result, issues)
    }

    /// Puts environment variables into values. A variable that is not set (or is empty) and has no default makes a warning, and a null
    /// where nothing else is in the value; a malformed reference is an error and stays as it is.
    public func expandingEnvironment(
        _ node: ConfigurationNode
    ) -> (node: ConfigurationNode, issues: [ConfigurationIssue]) {
        var expander = EnvironmentExpander(environment: environment, textLimit: limits.textBytes)
        let expanded = expander.expand(node, path: "")
        return (expanded, expander.issues)
    }
}
