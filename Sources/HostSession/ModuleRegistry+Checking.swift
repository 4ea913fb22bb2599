public import Configuration
import ProviderKit

extension ModuleRegistry {
    /// What mounting a plan would fail with: modules that are not there, and settings that they do not take. Nothing is sent.
    /// - Parameter loadsPlugins: whether plugins are loaded and asked for what their manifests' schemas cannot tell: their code runs then.
    public func issues(in plan: MountPlan, environment: [String: String], loadsPlugins: Bool = true) -> [ConfigurationIssue] {
        var issues = plan.issues(schemas: schemas, environment: environment)
        if plan.providers.isEmpty {
            issues.append(
                ConfigurationIssue(
                    .error, .missing, "the mount plan has no provider", keyPath: "providers", origin: plan.node.origin,
                    hint: "add one under `providers:`"))
        }
        // A module whose settings are wrong by its schema would only say so again.
        let checked = Set(issues.filter { $0.severity == .error }.map(\.keyPath))
        func check(_ spec: ModuleSpec?, _ mount: (ModuleSpec) throws -> Void) {
            guard let spec, !checked.contains(where: { $0.hasPrefix(spec.path) }) else { return }
            do { try mount(spec) } catch { issues += Self.issues(error, of: spec) }
        }
        check(plan.orchestrator) { _ = try LoopSettings($0) }
        check(plan.context) { spec in
            guard spec.module != ConversationContext.moduleName else { return }
            throw HostError.moduleNotFound(spec, kind: "context", known: [ConversationContext.moduleName])
        }
        for hook in plan.hooks {
            check(hook) { spec in
                guard spec.module != SessionLogHook.moduleName else { return }
                throw HostError.moduleNotFound(spec, kind: "hooks", known: [SessionLogHook.moduleName])
            }
        }
        for tool in plan.tools { check(tool) { _ = try mountTool($0) } }
        for provider in plan.providers where loadsPlugins || !plugins.contains(provider.registryName) {
            let context = ProviderContext(environment: plan.environment(of: provider, schemas: schemas, environment))
            check(provider) { _ = try mountProvider($0, context: context) }
        }
        return issues
    }

    private static func issues(_ error: any Error, of spec: ModuleSpec) -> [ConfigurationIssue] {
        switch error {
        case let error as ConfigurationError: return error.issues
        case let error as HostError:
            return [
                ConfigurationIssue(
                    .error, .invalidValue, error.message, keyPath: "\(spec.path).module", origin: spec.origin, hint: error.hint)
            ]
        case let error as ProviderError:
            return [
                ConfigurationIssue(
                    .error, .invalidValue, error.message, keyPath: "\(spec.path).config", origin: spec.origin, hint: error.hint)
            ]
        default: return [ConfigurationIssue(.error, .invalidValue, "\(error)", keyPath: spec.path, origin: spec.origin)]
        }
    }
}
