/// What a session is made of: the modules to mount, in the shape of Amplifier's mount plans.
///
/// ```yaml
/// session:
///   orchestrator: loop-streaming        # or {module: …, source: …, config: …}
///   context: context-simple
/// providers:
///   - module: provider-vllm
///     instance_id: big                  # where a module is mounted more than once
///     config: {base_url: http://127.0.0.1:8000}
/// ```
public struct MountPlan: Sendable, Hashable {
    /// The module that runs the conversation; `nil` where the plan leaves it to the host.
    public var orchestrator: ModuleSpec?
    /// The module that keeps the conversation; `nil` where the plan leaves it to the host.
    public var context: ModuleSpec?
    /// The providers, in order: of equal priority the first is taken.
    public var providers: [ModuleSpec]
    /// The tools.
    public var tools: [ModuleSpec]
    /// The hooks.
    public var hooks: [ModuleSpec]
    /// The whole configuration, also what is not listed above (`agents`, further keys of `session`).
    public var node: ConfigurationNode

    /// Reads a plan from a configuration. Problems are appended to `issues`; modules that cannot be read are left out.
    public init(_ node: ConfigurationNode, issues: inout [ConfigurationIssue]) {
        var reader = MountPlanReader(node)
        self = reader.plan()
        issues += reader.issues
    }

    init(
        orchestrator: ModuleSpec?, context: ModuleSpec?, providers: [ModuleSpec], tools: [ModuleSpec], hooks: [ModuleSpec],
        node: ConfigurationNode
    ) {
        self.orchestrator = orchestrator
        self.context = context
        self.providers = providers
        self.tools = tools
        self.hooks = hooks
        self.node = node
    }
}
