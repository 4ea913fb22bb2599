import Configuration
import JSON
import TestSupport
import Testing

@Suite("Damaged configurations")
struct MutationTests {
    private static let seed = """
        x-vllm: &vllm {api_key: "${VLLM_API_KEY:-EMPTY}", timeout: 5m, stop: [a, 'b']}
        session:
          orchestrator: loop-streaming
          context: {module: context-simple, config: {a: !!str 1}}
        providers:
          - module: provider-vllm
            instance_id: main   # comment
            config:
              <<: *vllm
              base_url: ${VLLM_BASE_URL}
              extra_body: |
                text
        """

    @Test("a configuration with bytes changed, removed or doubled is read or refused, and what is shown of it reads back")
    func mutations() {
        // Pieces that mean something to YAML get further than random bytes do.
        let pieces = [
            "\n", "  ", "- ", ": ", "{", "}", "[", "]", "&vllm ", "*vllm", "<<: ", "\"", "'", "#", "!", "${", "}", "|", "\t", "é", "---\n",
        ]
        var random = SplitMix(seed: 7)
        var read = 0
        for _ in 0..<4000 {
            var bytes = Array(Self.seed.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let start = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[start] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.removeSubrange(start..<min(bytes.count, start + Int.random(in: 1...20, using: &random)))
                case 2: bytes.insert(contentsOf: bytes[start...].prefix(40), at: start)
                default: bytes.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &random)].utf8, at: start)
                }
                if bytes.isEmpty { bytes = [UInt8(ascii: "a")] }
            }
            read += check(bytes) ? 1 : 0
        }
        // Else the test would not look at what it says.
        #expect(read > 400)
    }

    private func check(_ bytes: [UInt8]) -> Bool {
        let reader = ConfigurationReader(environment: ["VLLM_BASE_URL": "http://u:p@h"])
        guard let node = try? reader.node(parsing: bytes, file: "plan.yaml") else { return false }
        let expanded = reader.expandingEnvironment(node).node
        var issues: [ConfigurationIssue] = []
        let plan = MountPlan(expanded.merging(expanded), issues: &issues)
        let shown = plan.effective(schemas: ["provider-vllm": providerSchema], environment: [:])
        let back = try? parse(shown.annotatedYAML)
        #expect(back?.json == shown.json, "\(String(decoding: bytes, as: UTF8.self))")
        return true
    }
}
