import ArgumentParsing

/// A program with everything that a declaration can say.
enum SampleTree {
    static let tree = CommandTree(
        Command(
            "sample-host",
            summary: "Talk to a model server.",
            discussion: """
                It reads a configuration, asks the server, and prints the answer
                while it arrives.

                A configuration may be as short as this:

                  providers:
                    - module: provider-vllm
                """,
            options: [
                .value(
                    "--config", hint: .file, help: "The mount plan to use.", isRepeatable: true, isInherited: true, default: "config.yaml"),
                .flag("-v", "--verbose", help: "Say more; twice: everything.", isRepeatable: true, isInherited: true),
            ],
            subcommands: [run, config, Command("models", summary: "List the models that the server serves."), completions],
            examples: [Example("sample-host run \"What is 2+2?\"", "Ask one question.")]),
        version: "1.2.3",
        environment: [EnvironmentVariable("NO_COLOR", "Turns colours off where it is not empty.")],
        exitCodes: [ExitCode(0, "Done."), ExitCode(64, "The command line is wrong.")])

    static let run = Command(
        "run",
        summary: "Ask one question and print the answer.",
        discussion: "Without a PROMPT, standard input is read.",
        arguments: [Argument("PROMPT", help: "The question; several are joined by spaces.", isOptional: true, isRepeatable: true)],
        options: [
            .value("-m", "--model", named: "NAME", help: "The model to ask.", environment: "SAMPLE_MODEL"),
            .value("--endpoint", hint: .choices(["completions", "chat"]), help: "The endpoint to use.", default: "completions"),
            .value("-s", "--set", hint: .keyValue, help: "Set a key of the provider's configuration.", isRepeatable: true),
            .value("--logprobs", hint: .integer, help: "How many log-probabilities to show for each token."),
            .value("-t", "--temperature", hint: .number, help: "How freely to choose tokens."),
            .value("--session-root", hint: .directory, help: "Where the event logs go."),
            .flag("--json", help: "Print one JSON object."),
            .flag("--no-stream", help: "Wait for the whole answer."),
            .flag("-q", "--quiet", help: "Print the answer only."),
        ],
        examples: [
            Example("sample-host run --model tiny-chat 'What is 2+2?'", "Ask a model by name."),
            Example("sample-host run --json < prompt.txt | jq .text", "Read the prompt from a file."),
        ])

    static let config = Command(
        "config",
        summary: "Work with mount plans.",
        subcommands: [
            Command(
                "check", summary: "Check mount plans.", arguments: [Argument("FILE", hint: .file, help: "The file.", isRepeatable: true)]),
            Command("show", summary: "Show the plan in effect.", options: [.flag("--origin", help: "Say where each value comes from.")]),
        ])

    static let completions = Command(
        "completions",
        summary: "Print a completion script.",
        arguments: [Argument("SHELL", hint: .choices(["bash", "zsh", "fish"]), help: "The shell.")])
}
