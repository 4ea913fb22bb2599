import TestSupport

/// A plan of two instances, in the order `spare`, `main`; `main` is asked first.
struct TwoProviders {
    /// Settings of the two, in YAML.
    var main: String
    var spare: String
    /// Settings of the loop.
    var loop = "failover: true"

    /// Runs in a home with the plan.
    func run(_ arguments: [String], input: String = "", environment: [String: String] = [:]) async throws -> HostProcess {
        try await withTemporaryDirectory { home in
            let plan = """
                session: {orchestrator: {module: loop-streaming, config: {\(loop)}}, context: context-simple}
                providers:
                  - {module: provider-vllm, instance_id: spare, config: {priority: 20, max_retries: 0, \(spare)}}
                  - {module: provider-vllm, instance_id: main, config: {priority: 10, max_retries: 0, \(main)}}
                """
            try writeFile(home + "/.vllm-host.yaml", plan.utf8)
            return try await HostProcess.run(arguments, input: input, environment: environment, home: home)
        }
    }
}
