import Configuration
import HostSession
import VLLMProvider

/// Which settings of the command line and of the environment are for which provider of a plan.
extension SessionSetup {
    /// The settings of answers, which hold whoever answers. Header fields may be credentials, which are for one server.
    private static let answerKeys = Set(VLLMProvider.callOptionKeys).subtracting(["headers"])

    /// The plan with what the command line says of answers, in all providers that know of it, and of a server, in the one that is to answer;
    /// and with the environment, which counts more than files that were found and less than files that were named. Of several providers it
    /// cannot say which one it means: there it counts where the plan is silent.
    static func applying(
        _ overrides: [ConfigurationOverride], toProvider index: Int, of plan: MountPlan, _ registry: ModuleRegistry, files: [String],
        environment: [String: String]
    ) -> MountPlan {
        let countsEnvironment = files.isEmpty && plan.providers.count == 1
        return plan.providers.indices.reduce(plan) { result, place in
            let spec = plan.providers[place]
            let schema = registry.schemas.schema(of: spec) ?? ConfigurationSchema(name: spec.module, fields: [])
            let found = countsEnvironment ? schema.environmentOverrides(environment) : []
            let said = place == index ? overrides : overrides.filter { isOfAnswers($0) && schema[$0.keys[0]] != nil }
            return result.applying(schema.withoutRivals(found + said), toProvider: place)
        }
    }

    /// What the command line says of answers and a provider that may answer in the place of another one does not know.
    static func lostSettings(
        _ overrides: [ConfigurationOverride], besides index: Int, of plan: MountPlan, _ registry: ModuleRegistry
    ) -> [ConfigurationIssue] {
        plan.providers.indices.filter { $0 != index }.flatMap { place in
            let spec = plan.providers[place]
            let schema = registry.schemas.schema(of: spec)
            return overrides.filter { isOfAnswers($0) && schema?[$0.keys[0]] == nil }.map { override in
                ConfigurationIssue(
                    .warning, .unknownKey, "\(spec.mountName) has no such setting, its answers will not follow it",
                    keyPath: "\(spec.path).config.\(override.keys[0])", origin: override.value.origin,
                    hint: "to ask no other provider, give --provider \(plan.providers[index].mountName)")
            }
        }
    }

    /// The settings that a provider of the plan knows of.
    static func known(
        _ settings: [ConfigurationOverride], toProvider index: Int, of plan: MountPlan, _ registry: ModuleRegistry
    ) -> [ConfigurationOverride] {
        guard plan.providers.indices.contains(index), let schema = registry.schemas.schema(of: plan.providers[index]) else { return [] }
        return settings.filter { schema[$0.keys[0]] != nil }
    }

    private static func isOfAnswers(_ override: ConfigurationOverride) -> Bool { answerKeys.contains(override.keys[0]) }
}

extension ConfigurationSchema {
    fileprivate func environmentOverrides(_ environment: [String: String]) -> [ConfigurationOverride] {
        fields.compactMap { field in
            guard let variable = field.environmentVariable, let text = environment[variable], !text.isEmpty else { return nil }
            return ConfigurationOverride(key: field.key, text: text, option: "environment variable \(variable)")
        }
    }
}
