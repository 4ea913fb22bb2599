import Configuration
import JSON
import Testing

@Suite("The configurations that are shipped")
struct ShippedConfigurationTests {
    private static let folder = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Config"

    @Test("every file in Config is a mount plan without a problem", arguments: ["demo", "basic", "advanced"])
    func shipped(_ name: String) throws {
        let loaded = try ConfigurationReader().load(["\(Self.folder)/\(name).yaml"])
        #expect(loaded.warnings.isEmpty)
        var issues: [ConfigurationIssue] = []
        let plan = MountPlan(loaded.node, issues: &issues)
        issues += plan.issues(schemas: ["provider-vllm": providerSchema], environment: [:])
        #expect(lines(issues) == [])
        #expect(!plan.providers.isEmpty)
    }

    @Test("config.schema.json describes mount plans as the reader knows them")
    func schema() throws {
        // JSON is YAML, so the reader of configurations reads it.
        let shipped = try ConfigurationReader().node(contentsOf: "\(Self.folder)/config.schema.json").json
        let generated = MountPlan.jsonSchema(schemas: [:])
        let sections = shipped["properties"]?.object?.keys
        #expect(sections == generated["properties"]?.object?.keys)
        #expect(shipped["$defs"]?["module"]?["properties"]?["config"] == generated["$defs"]?["module"]?["properties"]?["config"])
    }
}
