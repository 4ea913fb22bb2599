import ArgumentParsing
import Commands
import Configuration
import SessionPage
import SessionTimeline

/// `vllm-host events view`: a session as one HTML page.
struct EventsViewCommand {
    static let command = Command(
        "view", summary: "Show a session as one HTML page in the browser.",
        discussion: """
            The page needs no network and no other file: the conversation with reasoning and tools folded, tokens coloured by their \
            probability where the log has it (--logprobs with debug: true), what took how long, retries and errors, search and filters. It \
            holds what the log holds. Its path goes to standard output.
            """,
        arguments: [SessionArgument.argument],
        options: SessionArgument.options + [
            .value(
                "-o", "--output", named: "FILE", hint: .file, help: "Where to write the page; - is standard output.",
                default: "a file in $XDG_CACHE_HOME/vllm-host/pages, which is then opened"),
            .flag("--no-open", help: "Write it, and open no browser."),
            .flag("--raw", help: "Have requests and exchanges in it as they went over the wire, where the log has them (raw_debug: true)."),
            .value(
                "--text-limit", named: "BYTES", hint: .integer, help: "How much of one text is in it; 0 for all.", default: "100000"),
        ],
        examples: [
            Example("vllm-host events view", "Look at the last session."),
            Example("vllm-host events view 3f6c --raw -o session.html", "Make a page that can be sent to somebody."),
        ])

    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() -> Int32 {
        do {
            let environment = ProcessEnvironment.current()
            let log = try SessionArgument(command, environment: environment).logPath(command.arguments.first)
            var options = SessionPage.Options()
            options.includesRaw = command.flag("raw")
            options.textLimit = try command.int("text-limit", in: 0...Int.max) ?? options.textLimit
            let timeline = try SessionTimeline.read(log: log)
            let page = SessionPage(timeline, options: options).html
            switch command.value("output") {
            case "-"?: terminal.print(page)
            case "": throw command.usageError("`--output` names no file")
            case let file?:
                try PageFile.write(page, to: file)
                terminal.print(file + "\n")
            case nil:
                let file = try PageFile.cached(for: timeline.sessionID ?? "session", environment: environment)
                try PageFile.write(page, to: file)
                terminal.print(file + "\n")
                if !command.flag("no-open") { open(file, environment) }
            }
            return ExitStatus.done
        } catch {
            return Failure.tell(error, asJSON: false, terminal)
        }
    }

    /// Has the desktop show the page. Where there is none, the path was printed.
    private func open(_ file: String, _ environment: [String: String]) {
        #if canImport(Darwin)
            let opener = "open"
        #else
            let hasScreen = ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"].contains { environment[$0]?.isEmpty == false }
            guard hasScreen else { return terminal.note(terminal.dimmed("no display here: open the page where there is one\n")) }
            let opener = "xdg-open"
        #endif
        do {
            // A program that is itself the browser runs on.
            guard let code = try DetachedProcess([opener, file]).exitCode(within: 3), code != 0 else { return }
            terminal.note(terminal.dimmed("\(opener) could not open the page (it ended with \(code)): open it yourself\n"))
        } catch {
            terminal.note(terminal.dimmed("the page was not opened: \(error)\n"))
        }
    }
}
