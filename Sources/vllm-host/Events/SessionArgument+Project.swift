import ArgumentParsing
import SessionLog

extension SessionArgument {
    /// The option for commands that look into the sessions of a project.
    static let projectOption = Option.value(
        "--project", named: "NAME", help: "Project: its folder, or the name that its folder has below the session root.")

    /// The project that `--project` names, else that of the working folder; `nil`, which is all, with `--all`.
    func project(_ command: ParsedCommand) throws(UsageError) -> String? {
        guard let name = command.value("project") else { return command.flag("all") ? nil : project }
        guard !command.flag("all") else { throw command.usageError("`--project` and `--all` exclude each other") }
        guard !name.isEmpty else { throw command.usageError("`--project` names no project") }
        return name.contains("/") || name == "." || name == ".." ? SessionPaths.project(of: name) : name
    }
}
