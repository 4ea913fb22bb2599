import Configuration
import JSON
import Testing

@Suite("Where a plan says that a module comes from")
struct ModuleSourceTests {
    private static let sources: [(String, ModuleSource)] = [
        ("/opt/x", .path("/opt/x")), ("./x", .path("conf/./x")), ("../x", .path("conf/../x")), ("x/y", .path("conf/x/y")),
        ("~/x", .path("~/x")), ("file:///opt/x", .path("/opt/x")),
        ("file://localhost/opt/x", .path("/opt/x")), ("file:///opt/a%2Db%20c", .path("/opt/a-b c")), ("file:///opt/1%", .path("/opt/1%")),
        ("file:///opt/%ff", .path("/opt/%ff")), ("/opt/%2D", .path("/opt/%2D")), ("git+https://a/b@main", .remote("git+https://a/b@main")),
        ("git@a:b/c", .remote("git@a:b/c")), ("some-package", .remote("some-package")), ("https://a/b", .remote("https://a/b")),
    ]

    @Test("paths go out from the file that names them; packages and repositories are not on this machine", arguments: sources)
    func source(text: String, source: ModuleSource) throws {
        var issues: [ConfigurationIssue] = []
        let yaml = "providers: [{module: provider-x, source: \"\(text)\"}]"
        let plan = MountPlan(try ConfigurationReader().node(parsing: yaml.utf8, file: "conf/plan.yaml"), issues: &issues)
        #expect(plan.providers.first?.moduleSource == source)
    }

    @Test("two modules of one name that come from different places have each its own schema, in what is shown, too")
    func schemas() throws {
        let yaml = """
            providers:
              - {module: provider-x, instance_id: a}
              - {module: provider-x, instance_id: b, source: ./there, config: {old: 1, priority: 1}}
            """
        func schema(_ key: String) -> ConfigurationSchema {
            ConfigurationSchema(name: "x", fields: [ConfigurationField(key, .int, default: 5, documentation: "A number.")])
        }
        var issues: [ConfigurationIssue] = []
        let plan = MountPlan(try ConfigurationReader().node(parsing: yaml.utf8, file: "plan.yaml"), issues: &issues)
        let spec = try #require(plan.providers.last)
        let schemas = ["provider-x": schema("old"), spec.registryName: schema("new")]
        #expect(
            plan.issues(schemas: schemas, environment: [:]).map(\.keyPath) == ["providers[1].config.old", "providers[1].config.priority"])
        let shown = plan.effective(schemas: schemas, environment: [:])["providers"]
        #expect(shown?[0]?["config"]?["old"]?.int == 5)
        #expect(shown?[0]?["config"]?["new"] == nil)
        #expect(shown?[1]?["config"]?["new"]?.int == 5)
        #expect(plan.selectedProviderIndex(schemas: schemas, environment: [:]) == 1)
    }
}
