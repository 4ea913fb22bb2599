import Configuration
import HostSession
import Measuring
import VLLMProvider

/// Loads a mount plan and checks it against the modules' schemas, as every command of the host does first, and reports how long that takes.
struct PlanLoading {
    static let settings = ["path", "count"]

    private let path: String
    private let count: Int

    init(_ settings: Settings) {
        path = settings.text("path", "Config/advanced.yaml")
        count = max(1, settings.count("count", 1000))
    }

    func run() throws {
        var registry = ModuleRegistry()
        registry.addProvider(VLLMProvider.moduleName, schema: VLLMProvider.schema) { spec, context in
            try VLLMProvider(configuration: spec.config, path: spec.path + ".config", context: context)
        }
        let first = monotonicNanoseconds()
        try load(registry)
        let start = ProcessFigures.now
        for _ in 0..<count { try load(registry) }
        let end = ProcessFigures.now
        report([
            ("loads", Double(count)), ("first_us", Double(start.time - first) / 1000), ("cpu_us", end.cpu - start.cpu),
            ("wall_us", Double(end.time - start.time) / 1000),
        ])
    }

    private func load(_ registry: ModuleRegistry) throws {
        let (node, warnings) = try ConfigurationReader().load([path])
        var issues = warnings
        let plan = MountPlan(node, issues: &issues)
        issues += plan.issues(schemas: registry.schemas, environment: [:])
        guard !issues.hasErrors else { throw ConfigurationError(issues) }
    }
}
