import Configuration
import JSON

/// How a session's loop asks its provider: the orchestrator of a mount plan.
struct LoopSettings: Sendable {
    /// The loops that this host has, under the names of Amplifier's.
    enum Kind: String, CaseIterable {
        /// Hands an answer over when it is complete.
        case basic = "loop-basic"
        /// Hands an answer over as it arrives.
        case streaming = "loop-streaming"
    }

    /// What the configuration of each of them may hold.
    static let schema = ConfigurationSchema(
        name: "orchestrator",
        fields: [
            ConfigurationField(
                "max_iterations", .int, default: 100, range: .atLeast(1),
                documentation: "How often one prompt may ask the provider, tool calls included."),
            ConfigurationField(
                "failover", .bool, default: true,
                documentation: "Whether the next provider is asked, in the order of their priority, when one fails."),
            ConfigurationField(
                "failover_cooldown", .seconds, default: 60.0, range: .between(0, 86_400),
                documentation: "How long a provider that has failed is asked behind the others; 0: up to the next prompt."),
        ])

    let kind: Kind
    let maxIterations: Int
    /// Whether the next provider is asked when one fails.
    let failsOver: Bool
    /// How long a provider that has failed is asked behind the others.
    let failoverCooldown: Duration

    /// - Throws: `HostError` for a loop that this host does not have, `ConfigurationError` for a setting that it does not take.
    init(_ spec: ModuleSpec?) throws {
        guard let kind = spec.map({ Kind(rawValue: $0.module) }) ?? .streaming else {
            throw spec.map { HostError.moduleNotFound($0, kind: "orchestrator", known: Kind.allCases.map(\.rawValue)) }
                ?? HostError(.moduleNotFound, "there is no orchestrator")
        }
        let (values, issues) = Self.schema.resolve(spec?.config, path: "\(spec?.path ?? "session.orchestrator").config")
        guard !issues.hasErrors else { throw ConfigurationError(issues) }
        self.kind = kind
        maxIterations = values.int("max_iterations") ?? 100
        failsOver = values.bool("failover") ?? true
        failoverCooldown = values.duration("failover_cooldown") ?? .seconds(60)
    }
}
