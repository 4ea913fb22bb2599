import ArgumentParsing

/// `vllm-host replay`: what sessions have recorded, once more.
enum ReplayCommand {
    static let command = Command(
        "replay", summary: "Make recorded sessions happen again.",
        subcommands: [
            ReplayPlayCommand.command, ReplayServeCommand.command, ReplayRunCommand.command, ReplayDiffCommand.command,
        ])

    /// Runs one of them.
    static func run(_ command: ParsedCommand, _ terminal: Terminal) async -> Int32 {
        switch command.path.last {
        case "play": await ReplayPlayCommand(command, terminal).run()
        case "serve": await ReplayServeCommand(command, terminal).run()
        case "run": await ReplayRunCommand(command, terminal).run()
        default: ReplayDiffCommand(command, terminal).run()
        }
    }
}
