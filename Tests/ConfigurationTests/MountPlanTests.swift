import Configuration
import JSON
import Testing

@Suite("Mount plans")
struct MountPlanTests {
    private func plan(_ text: String) throws -> (plan: MountPlan, issues: [String]) {
        var issues: [ConfigurationIssue] = []
        let plan = MountPlan(try parse(text), issues: &issues)
        return (plan, lines(issues))
    }

    private let session = "session: {orchestrator: loop-basic, context: context-simple}\n"

    @Test("modules are named alone, or with source and configuration")
    func forms() throws {
        let (plan, issues) = try plan(
            """
            session:
              orchestrator: {module: loop-streaming, source: ./loops, config: {a: 1}}
              context: context-simple
              context_source: ./contexts
              metadata: {x: 1}
            orchestrator: {config: {a: 0, b: 2}}
            providers:
              - module: provider-vllm
                source: git+https://example.org/x@main
                config: {base_url: u}
              - {module: provider-vllm, instance_id: two}
              - {module: provider-vllm, id: three}
            tools: [{module: tool-bash}]
            hooks: [{module: hooks-logging, config: }]
            agents: {any: thing}
            x-anything: 1
            """)
        #expect(issues == [])
        #expect(plan.orchestrator?.module == "loop-streaming")
        #expect(plan.orchestrator?.source == "./loops")
        #expect(plan.orchestrator?.config?.json == ["a": 1, "b": 2])
        #expect(plan.context?.module == "context-simple")
        #expect(plan.context?.source == "./contexts")
        #expect(plan.providers.map(\.mountName) == ["vllm", "two", "three"])
        #expect(plan.providers[0].source == "git+https://example.org/x@main")
        #expect(plan.providers[0].config?.json == ["base_url": "u"])
        #expect(plan.providers[1].path == "providers[1]")
        #expect(plan.tools.map(\.mountName) == ["bash"])
        #expect(plan.hooks.map(\.config) == [nil])
        #expect(plan.node["agents"]?.json == ["any": "thing"])
    }

    @Test(
        "what cannot be mounted is an error with its place",
        arguments: [
            (
                "providers: [{config: {}}]",
                "2:13: error: providers[0].module: the module's name is missing (such as `module: provider-vllm`)"
            ),
            (
                "providers: [{module: p, config: 1}]",
                "2:33: error: providers[0].config: expected a mapping, found \"1\" (write `key: value` lines below it)"
            ),
            (
                "providers: [provider-vllm]",
                "2:13: error: providers[0]: expected a mapping with `module`, found \"provider-vllm\" (write `module: provider-vllm`)"
            ),
            (
                "providers: {module: p}",
                "2:12: error: providers: expected a list of modules, found a mapping (write `- module: …` below it)"
            ),
            ("tools: [{module: [t]}]", "2:18: error: tools[0].module: expected a text, found a list"),
            ("hooks: [{module: h, source: {}}]", "2:29: error: hooks[0].source: expected a text, found a mapping"),
            (
                "providers:\n- {module: p}\n- {module: p}",
                "4:3: error: providers[1]: Multi-instance providers require explicit 'instance_id': p is already mounted by providers[0] "
                    + "(add `instance_id: …` to all of them but one)"
            ),
            (
                "providers:\n- {module: p, id: a}\n- {module: q, instance_id: a}",
                "4:3: error: providers[1]: the name \"a\" is already taken by providers[0] (give it another `instance_id`)"
            ),
            ("provider: []", "2:1: warning: provider: unknown key (did you mean `providers`?)"),
            ("tools: [{modul: x, module: t}]", "2:10: warning: tools[0].modul: unknown key (did you mean `module`?)"),
        ])
    func refused(_ text: String, _ message: String) throws {
        let (_, issues) = try plan(session + text)
        #expect(issues == ["plan.yaml:\(message)"])
    }

    @Test("a plan without a session is usable, with a warning")
    func noSession() throws {
        let (plan, issues) = try plan("providers: []\n")
        #expect(plan.orchestrator == nil)
        #expect(plan.context == nil)
        #expect(
            issues == [
                "plan.yaml:1:1: warning: session.orchestrator: not set; the host's own is used, and Amplifier refuses such a plan "
                    + "(set it to `loop-streaming` or `loop-basic`)",
                "plan.yaml:1:1: warning: session.context: not set; the host's own is used, and Amplifier refuses such a plan "
                    + "(set it to `context-simple`)",
            ])
    }

    @Test("no file at all is a plan without places")
    func noFile() throws {
        var issues: [ConfigurationIssue] = []
        _ = MountPlan(try ConfigurationReader().load([]).node, issues: &issues)
        #expect(issues.first?.description.hasPrefix("warning: session.orchestrator: not set") == true)
    }

    @Test("the configurations of known modules are checked by their schema")
    func schemas() throws {
        let (plan, _) = try plan(
            session + "providers:\n- module: provider-vllm\n  config: {timeout: soon}\n- {module: other, config: {x: 1}}\n")
        let issues = plan.issues(schemas: ["provider-vllm": providerSchema], environment: [:])
        #expect(issues.map(\.keyPath) == ["providers[0].config.base_url", "providers[0].config.timeout"])
        let withVariable = plan.issues(schemas: ["provider-vllm": providerSchema], environment: ["VLLM_BASE_URL": "u"])
        #expect(withVariable.count == 1)
    }

    @Test("values of the command line go into the provider that is asked for, also where it had no configuration")
    func overrides() throws {
        let (plan, _) = try plan(session + "providers:\n- {module: p}\n- {module: q, config: {a: 1, b: 2}}\n")
        let overrides = [try ConfigurationOverride(parsing: "a=3")]
        let first = plan.applying(overrides)
        #expect(first.providers[0].config?.json == ["a": 3])
        #expect(first.node["providers"]?[0]?["config"]?.json == ["a": 3])
        let second = plan.applying(overrides, toProvider: 1)
        #expect(second.providers[1].config?.json == ["a": 3, "b": 2])
        #expect(second.node["providers"]?.json == [["module": "p"], ["module": "q", "config": ["a": 3, "b": 2]]])
    }

    @Test(
        "the provider that answers is the one of the lowest priority, the first of equals",
        arguments: [
            ("[]", nil), ("[{module: p}]", 0), ("[{module: p}, {module: q, config: {priority: 99}}]", 1),
            ("[{module: p, config: {priority: 100}}, {module: q}]", 0), ("[{module: q, config: {priority: \"5\"}}, {module: p}]", 0),
            ("[{module: p}, {module: known, config: {priority: 50.0}}]", 1), ("[{module: p}, {module: known}]", 1),
            ("[{module: known, config: {priority: soon}}, {module: p, config: {priority: 8}}]", 1),
            ("[{module: p, config: {priority: -9223372036854775808}}, {module: q, config: {priority: 1e300}}, {module: known}]", 0),
        ] as [(String, Int?)])
    func selected(_ providers: String, _ expected: Int?) throws {
        let (plan, _) = try plan(session + "providers: \(providers)\n")
        let known = ConfigurationSchema(
            name: "known", fields: [ConfigurationField("priority", .int, default: 100, environmentVariable: "P", documentation: "P.")])
        #expect(plan.selectedProviderIndex(schemas: ["known": known], environment: ["P": "7"]) == expected)
    }

    @Test("something else than a mapping is no plan")
    func notAMapping() throws {
        let (_, issues) = try plan("[1]")
        #expect(issues.first == "plan.yaml:1:1: error: expected keys and values, found a list (begin with `providers:`)")
    }
}
