import Configuration
import JSON
import VLLMProvider

extension FuzzTarget {
    /// Configuration files: read or refused with a place, and what is shown of them reads back the same.
    static let configuration = FuzzTarget { bytes in
        let reader = ConfigurationReader(
            environment: ["VLLM_BASE_URL": "http://u:p@h", "EMPTY": "", "LONG": String(repeating: "x", count: 1000)],
            limits: ConfigurationLimits(fileBytes: 1 << 16, depth: 20, nodes: 2000, textBytes: 1 << 16))
        do throws(ConfigurationError) {
            let node = try reader.node(parsing: bytes, file: "plan.yaml")
            check(node, reader)
            let expanded = reader.expandingEnvironment(node).node
            var issues: [ConfigurationIssue] = []
            let plan = MountPlan(expanded.merging(expanded), issues: &issues)
            issues += plan.issues(schemas: schemas, environment: reader.environment)
            for issue in issues { require(!"\(issue)".isEmpty, "an issue says nothing") }
            check(plan.effective(schemas: schemas, environment: [:]).maskingSecrets(), reader)
        } catch {
            require(!error.issues.isEmpty, "refused without a reason")
            require(error.issues.allSatisfy { $0.message.utf8.count < 20_000 }, "a message is too long")
        }
    }

    private static let schemas = [VLLMProvider.moduleName: VLLMProvider.schema]

    private static func check(_ node: ConfigurationNode, _ reader: ConfigurationReader) {
        let shown = node.annotatedYAML
        do {
            let roomy = ConfigurationReader(environment: reader.environment)
            let back = try roomy.node(parsing: shown.utf8, file: "shown.yaml")
            require(back.json == node.json, "what is shown reads back as another:\n\(shown)")
        } catch { fatalError("what is shown is no YAML: \(error)\n\(shown)") }
        checkRoundTrip(node.json)
        checkRoundTrip(node.annotatedJSON)
    }
}
