import ArgumentParsing

extension HostCommand {
    /// Which server is asked, and how.
    static let server: [Option] = [
        .value("-c", "--config", named: "FILE", hint: .file, help: "Mount plan; several are merged in order.", isRepeatable: true),
        provider,
        .value("--base-url", named: "URL", help: "Where the server is, with or without /v1.", environment: "VLLM_BASE_URL"),
        .value("-m", "--model", named: "NAME", help: "Model to ask.", default: "the server's only one"),
        .value(
            "--endpoint", named: "NAME", hint: .choices(["completions", "chat"]),
            help: "Ask /v1/completions or /v1/chat/completions.", default: "what the plan says"),
        .value(
            "--set", named: "KEY=VALUE", hint: .keyValue, help: "Set a key of the provider's configuration; the value is read as YAML.",
            isRepeatable: true),
        .flag("--simulator", help: "Ask a simulated server inside this process, which knows a few dialogues by heart."),
    ]

    /// Which provider of a plan that has several.
    static let provider: Option = .value(
        "--provider", named: "NAME", help: "Provider of the plan to ask, by its instance_id; no other one is asked when it fails.",
        default: "the one with the lowest priority")

    /// Commands that have a session log it.
    static let session =
        server + [
            .value(
                "--resume", named: "SESSION",
                help: "Go on with this project's last session, or the one whose id begins so: --resume=b00e.",
                implied: SessionArgument.last),
            .value("--session-root", named: "DIR", hint: .directory, help: "Folder of event logs.", default: "~/.amplifier/projects"),
        ]

    /// What is printed.
    static let output: [Option] = [
        .flag("--json", help: "Print one JSON object on standard output and nothing else."),
        .flag("--dry-run", help: "Print the requests that would be sent, secrets masked, and send nothing."),
        .flag("--curl", help: "Print them as shell commands with curl, and send nothing."),
        .flag("-q", "--quiet", help: "Print the answer alone."),
    ]

    /// What goes with the prompt.
    static let prompt = under(
        "Prompt",
        [
            .value("-s", "--system", named: "TEXT", help: "System message."),
            .value("--system-file", named: "FILE", hint: .file, help: "File with the system message."),
            .value("--image", named: "FILE|URL", hint: .file, help: "Picture to send with the (first) prompt.", isRepeatable: true),
            .value(
                "--tool", named: "FILE", hint: .file,
                help: "JSON definition of a tool whose `command` is run when the model calls it, the arguments on its standard input.",
                isRepeatable: true),
            .value("--tool-choice", named: "NAME", help: "auto, none, required, or the tool that the model has to call first."),
        ])

    /// What the answer is to be like, and what is shown of it.
    static let answer = under(
        "Answer",
        [
            .value("--schema", named: "FILE", hint: .file, help: "JSON Schema that the answer has to fit."),
            .value("--regex", named: "PATTERN", help: "Regular expression that the answer has to match."),
            .value("--choice", named: "TEXT", help: "One of the texts that the answer may be.", isRepeatable: true),
            .flag("--think", help: "Have the model reason first, where its chat template lets one choose."),
            .flag("--no-think", help: "Have it answer at once."),
            .value(
                "--logprobs", named: "N", hint: .integer,
                help: "Show each token's probability and N rivals (0 to 20); in colour on a terminal."),
            .flag("--no-stream", help: "Have the server send the answer in one piece."),
        ])

    /// Options under a heading.
    static func under(_ title: String, _ options: [Option]) -> [Option] {
        options.map { $0.grouped(under: OptionGroup(title)) }
    }
}
