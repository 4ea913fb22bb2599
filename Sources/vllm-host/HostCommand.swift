import ArgumentParsing
import VLLMProvider

/// The command line of `vllm-host`: parsing, help, completions and the manual page all come from here.
enum HostCommand {
    static let version = VLLMProvider.version

    static let tree = CommandTree(
        Command(
            "vllm-host", summary: "Ask a language model on a vLLM server, in a session whose every event is recorded.",
            discussion: """
                The provider is a module that a mount plan in YAML configures. Without --config, the plan is read from \
                $XDG_CONFIG_HOME/vllm-host/config.yaml and the nearest .vllm-host.yaml; without those, it is one vLLM provider at \
                --base-url or VLLM_BASE_URL.
                """,
            subcommands: [run, chat, models, EventsCommand.command, ReplayCommand.command, config, completions, manual]),
        version: version,
        environment: [
            EnvironmentVariable("VLLM_BASE_URL", "Where the server is; --base-url and the files of --config count more."),
            EnvironmentVariable(
                "VLLM_API_KEY",
                "The server's API key; the files of --config, where they give a key, a file or a command for it, count more."),
            EnvironmentVariable("AMPLIFIER_HOME", "The folder of Amplifier's files, ~/.amplifier by default; event logs are below it."),
            EnvironmentVariable("XDG_CONFIG_HOME", "The folder of configuration files, ~/.config by default."),
            EnvironmentVariable(
                "VLLM_HOST_PLUGIN_PATH",
                "Folders with plugins for modules that are not built in, with : between them; they come behind Plugins/ here."),
            EnvironmentVariable("XDG_DATA_HOME", "The folder of what is installed, ~/.local/share by default; plugins are below it."),
            EnvironmentVariable("NO_COLOR", "Any value turns colour off."),
            EnvironmentVariable("HTTPS_PROXY, HTTP_PROXY, NO_PROXY", "The proxies to go through, as curl reads them."),
            EnvironmentVariable(
                ProcessSecrecy.coreVariable, "Any value lets a crash leave a core file, in which keys may be; otherwise none is left."),
        ],
        exitCodes: ExitStatus.table)

    /// Whether the command of this name asks a server as soon as it has read its settings.
    static func asksAtOnce(_ name: String?) -> Bool { name == "run" || name == "chat" }

    private static let run = Command(
        "run", summary: "Ask one prompt and print the answer.",
        discussion: """
            The answer goes to standard output; reasoning, tool calls and figures go to standard error. What is piped in is added \
            behind the prompt. `vllm-host manual` says more of the options at the end.
            """,
        arguments: [Argument("PROMPT", help: "What to ask; `-` or none reads standard input.", isOptional: true, isRepeatable: true)],
        options: session + output + prompt + answer + GenerationFlags.options,
        examples: [
            Example("vllm-host run --base-url http://127.0.0.1:8000 \"What is 2+2?\"", "Ask a server."),
            Example("git diff | vllm-host run \"Write a commit message.\"", "Ask about what is piped in."),
            Example("vllm-host run --simulator --json \"What is 2+2?\" | jq .text", "Use the answer in a script."),
            Example("vllm-host run --image cat.png --choice cat --choice dog \"What is it?\"", "Have a picture sorted."),
            Example("vllm-host run -t 0 --tool weather.json \"What is the weather in Paris?\"", "Let the model run a command."),
        ])

    private static let chat = Command(
        "chat", summary: "Talk with the model, line by line.",
        discussion: "Ctrl-C stops an answer and keeps the session; Ctrl-D ends it. /help lists what else can be typed.",
        options: session + prompt + answer + GenerationFlags.options,
        examples: [
            Example("vllm-host chat --simulator", "Talk with the simulated server."),
            Example("vllm-host chat --resume", "Go on where this project's last session ended."),
            Example("vllm-host chat --resume=b00e", "Go on with the session whose id begins so."),
        ])

    private static let models = Command(
        "models", summary: "List the models that the server has.",
        options: server + [.flag("--json", help: "Print JSON.")],
        examples: [Example("vllm-host models --base-url http://127.0.0.1:8000", "See what can be given to --model.")])

    private static let config = Command(
        "config", summary: "Check and show mount plans.",
        subcommands: [
            Command(
                "check", summary: "Check files: each problem with file, line, column and key.",
                arguments: [Argument("FILE", hint: .file, help: "Files, merged in order.", isOptional: true, isRepeatable: true)],
                options: [.flag("--json", help: "Print JSON.")],
                examples: [Example("vllm-host config check plan.yaml", "Say what is wrong before a session does.")]),
            Command(
                "show", summary: "Show the effective plan, and where each value came from; secrets are masked.",
                arguments: [Argument("FILE", hint: .file, help: "Files, merged in order.", isOptional: true, isRepeatable: true)],
                options: [
                    .value(
                        "--set", named: "KEY=VALUE", hint: .keyValue, help: "Set a key of the provider's configuration.",
                        isRepeatable: true),
                    .value(
                        "--provider", named: "NAME", help: "Provider that --set is for, by its instance_id.",
                        default: "the one with the lowest priority"),
                    .flag("--json", help: "Print JSON."),
                ],
                examples: [Example("vllm-host config show base.yaml mine.yaml", "See what merging two files gives.")]),
        ])

    private static let completions = Command(
        "completions", summary: "Print the script that completes this command line in a shell.",
        arguments: [Argument("SHELL", hint: .choices(["bash", "zsh", "fish"]), help: "bash, zsh or fish.")],
        examples: [Example("source <(vllm-host completions bash)", "Complete in this shell.")])

    private static let manual = Command(
        "manual", summary: "Print the manual page.",
        examples: [Example("vllm-host manual | man -l -", "Read it.")])
}
