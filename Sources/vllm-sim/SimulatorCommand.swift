import ArgumentParsing

/// The command line of `vllm-sim`.
enum SimulatorCommand {
    static let tree = CommandTree(
        Command(
            "vllm-sim", summary: "Serve a tiny model as vLLM 0.32 does, without vLLM.",
            discussion: """
                Answers the chat, completions, models and tokenize endpoints in the shapes of a real server. The model knows the dialogues \
                of the tests by heart and says that it was not taught anything else.
                """,
            options: [
                .value(
                    "-p", "--port", named: "PORT", hint: .integer, help: "Port to listen on; 0 takes any that is free.", default: "8000"),
                .value("--host", named: "ADDRESS", help: "Address to listen on.", default: "127.0.0.1"),
                .value(
                    "-m", "--model", named: "NAME", help: "Name the model is served under; more are aliases.", isRepeatable: true,
                    default: "tiny-chat"),
                .value("--api-key", named: "KEY", help: "Key that requests under /v1 must bring.", environment: "VLLM_API_KEY"),
                .value(
                    "--max-model-len", named: "TOKENS", hint: .integer, help: "Context window.", default: "2048"),
                .value("--token-delay-ms", named: "MS", hint: .number, help: "Pause before each token, to watch it stream.", default: "0"),
                .flag("--no-reasoning-parser", help: "Leave thoughts in the text."),
                .flag("--no-tool-parser", help: "Leave tool calls in the text."),
            ],
            examples: [
                Example("vllm-sim --port 0", "Listen on any free port; the first line printed says which."),
                Example("vllm-sim --token-delay-ms 50", "Stream 20 tokens a second."),
            ]),
        version: "0.32.0",
        exitCodes: [
            ExitCode(0, "stopped by SIGINT or SIGTERM"), ExitCode(64, "the command line is wrong"),
            ExitCode(69, "the address cannot be listened on"),
        ])
}
