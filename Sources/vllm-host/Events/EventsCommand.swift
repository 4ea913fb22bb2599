import ArgumentParsing

/// `vllm-host events`: what sessions have recorded.
enum EventsCommand {
    static let command = Command(
        "events", summary: "Look into the event logs of sessions.",
        subcommands: [
            EventsListCommand.command, EventsShowCommand.command, EventsTailCommand.command, EventsGrepCommand.command,
            EventsStatsCommand.command, EventsExportCommand.command, EventsViewCommand.command,
            EventsPruneCommand.command,
        ])

    /// Runs one of them.
    static func run(_ command: ParsedCommand, _ terminal: Terminal) async -> Int32 {
        switch command.path.last {
        case "list": EventsListCommand(command, terminal).run()
        case "show": EventsShowCommand(command, terminal).run()
        case "tail": EventsTailCommand(command, terminal).run()
        case "grep": EventsGrepCommand(command, terminal).run()
        case "stats": EventsStatsCommand(command, terminal).run()
        case "view": EventsViewCommand(command, terminal).run()
        case "export": EventsExportCommand(command, terminal).run()
        case "prune": EventsPruneCommand(command, terminal).run()
        // The tree has no others.
        default: ExitStatus.usage
        }
    }
}
