import ArgumentParsing
import Configuration

/// The program: reads its command line, runs a command, and says with which code to end.
enum Program {
    static func run() async -> Int32 {
        let terminal = Terminal(environment: ProcessEnvironment.current())
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            // Swift has repaired what is not UTF-8, and nobody means to ask that.
            if let index = arguments.firstIndex(where: { $0.contains("\u{FFFD}") }), !Self.isUTF8(argument: index + 1) {
                throw InputError(message: "argument \(index + 1) is not UTF-8 text")
            }
            switch try HostCommand.tree.parse(arguments) {
            case .help(let path):
                terminal.print(HostCommand.tree.help(for: path, width: terminal.width, boldHeadings: terminal.hasColour) ?? "")
                return ExitStatus.done
            case .version:
                terminal.print("vllm-host \(HostCommand.version)\n")
                return ExitStatus.done
            case .run(let command): return await run(command, terminal)
            }
        } catch {
            return Failure.tell(error, asJSON: arguments.contains("--json"), terminal)
        }
    }

    private static func isUTF8(argument index: Int) -> Bool {
        guard let bytes = CommandLine.unsafeArgv[index] else { return true }
        return String(validatingCString: bytes) != nil
    }

    private static func run(_ command: ParsedCommand, _ terminal: Terminal) async -> Int32 {
        switch command.path {
        case ["run"]: await RunCommand(command, terminal).run()
        case ["chat"]: await ChatCommand(command, terminal).run()
        case ["models"]: await ModelsCommand(command, terminal).run()
        case let path where path.first == "events": await EventsCommand.run(command, terminal)
        case let path where path.first == "replay": await ReplayCommand.run(command, terminal)
        case ["config", "check"]: ConfigCommand(command, terminal).check()
        case ["config", "show"]: ConfigCommand(command, terminal).show()
        case ["completions"]: completions(command, terminal)
        default: manual(terminal)
        }
    }

    private static func completions(_ command: ParsedCommand, _ terminal: Terminal) -> Int32 {
        guard let shell = command.arguments.first.flatMap(Shell.init(rawValue:)) else { return ExitStatus.usage }
        terminal.print(HostCommand.tree.completionScript(for: shell))
        return ExitStatus.done
    }

    private static func manual(_ terminal: Terminal) -> Int32 {
        terminal.print(HostCommand.tree.manualPage())
        return ExitStatus.done
    }
}
