import Configuration
import Testing

@Suite("The configurations that are shipped")
struct ShippedConfigurationTests {
    @Test("every file in Config is a mount plan without a problem", arguments: ["demo", "basic", "advanced"])
    func shipped(_ name: String) throws {
        let file = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let loaded = try ConfigurationReader().load(["/\(file)/Config/\(name).yaml"])
        #expect(loaded.warnings.isEmpty)
        var issues: [ConfigurationIssue] = []
        let plan = MountPlan(loaded.node, issues: &issues)
        issues += plan.issues(schemas: ["provider-vllm": providerSchema], environment: [:])
        #expect(lines(issues) == [])
        #expect(!plan.providers.isEmpty)
    }
}
