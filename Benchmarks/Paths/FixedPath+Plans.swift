import Configuration
import VLLMProvider

extension FixedPath {
    private static let planText = Array(
        """
        # What most users have.
        session:
          orchestrator: loop-streaming
          context: context-simple

        providers:
          - module: provider-vllm
            config:
              base_url: ${BENCH_BASE_URL:-http://127.0.0.1:8000}   # with or without /v1
              default_model: openai/gpt-oss-20b
              temperature: 0.7
              max_tokens: 4096
              timeout: 600
              max_retries: 3
              logprobs: 5
              stop: ["END", "\\n\\n"]

        hooks:
          - module: hooks-logging
            config: {durability: flush, exclude_events: ["llm:stream_*delta"]}
        """.utf8)

    /// A mount plan from its text to what is wrong with it.
    static func loadPlans(_ count: Int) throws {
        let schemas = [VLLMProvider.moduleName: VLLMProvider.schema]
        let reader = ConfigurationReader()
        var providers = 0
        for _ in 0..<count {
            let (node, expansion) = reader.expandingEnvironment(try reader.node(parsing: planText, file: "plan.yaml"))
            var issues = expansion
            let plan = MountPlan(node, issues: &issues)
            issues += plan.issues(schemas: schemas, environment: [:])
            guard !issues.hasErrors else { throw ConfigurationError(issues) }
            providers += plan.providers.count
        }
        expect(providers, count, "providers")
    }
}
