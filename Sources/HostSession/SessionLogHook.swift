import Configuration
import JSON
import SessionLog

/// The host's own log as a module that mount plans may configure, under the name of Amplifier's.
enum SessionLogHook {
    static let moduleName = "hooks-logging"

    static let schema = ConfigurationSchema(
        name: moduleName,
        fields: [
            ConfigurationField(
                "exclude_events", .stringList, default: ["llm:stream_*delta"],
                documentation: "Events that are not logged; * stands for any text. [] logs all.")
        ])

    /// Which events a plan's log leaves out.
    static func filter(_ plan: MountPlan) -> EventFilter {
        guard let hook = plan.hooks.last(where: { $0.module == moduleName }) else { return EventFilter() }
        let (values, _) = schema.resolve(hook.config, path: hook.path)
        return EventFilter(exclude: values.strings("exclude_events") ?? [])
    }
}
