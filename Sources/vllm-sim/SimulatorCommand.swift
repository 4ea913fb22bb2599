import ArgumentParsing
import VLLMSimulator

/// The command line of `vllm-sim`.
enum SimulatorCommand {
    private static let faults = SimulatedFault.forms.map { "  \($0.usage)\n      \($0.meaning)" }.joined(separator: "\n")

    static let tree = CommandTree(
        Command(
            "vllm-sim", summary: "Serve a tiny model as vLLM 0.32 does, without vLLM.",
            discussion: """
                Answers the chat, completions, models and tokenize endpoints in the shapes of a real server. The model knows the dialogues \
                of the tests by heart and says that it was not taught anything else.

                Faults are for trying out what a client makes of them. A request asks for one itself with the header \
                \(FaultRule.headerName). Behind a fault, path=PATH (else the two generation endpoints; * is all), nth=N (the first request that \
                meets it, from 1) and count=N (how many do, else all) say which requests meet it, as in "reset-at-byte=120; nth=2; count=1". \
                The faults:

                \(faults)
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
                .value(
                    "--idle-timeout", named: "SECONDS", hint: .integer, help: "Close connections that are idle for so long; 0 never does.",
                    default: "5"),
                .value(
                    "--tls", named: "CERTIFICATE", hint: .choices(SimulatedCertificate.allCases.map(\.rawValue)),
                    help: "Speak TLS with a certificate made for this run: self-signed, expired or wrong-name."),
                .value(
                    "--tls-certificate-file", named: "FILE", hint: .file,
                    help: "Write that certificate to a file, for clients to trust."),
                .value(
                    "--fault", named: "FAULT",
                    help: "What goes wrong with answers; may be given more than once, the first that fits holds.",
                    isRepeatable: true),
            ],
            examples: [
                Example("vllm-sim --port 0", "Listen on any free port; the first line printed says which."),
                Example("vllm-sim --token-delay-ms 50", "Stream 20 tokens a second."),
                Example("vllm-sim --fault 'status=503; retry-after=1; count=2'", "Be overloaded for two requests."),
                Example("vllm-sim --fault 'stall-at-byte=500'", "Fall silent in every answer."),
            ]),
        version: "0.32.0",
        exitCodes: [
            ExitCode(0, "stopped by SIGINT or SIGTERM"), ExitCode(64, "the command line is wrong"),
            ExitCode(69, "the address cannot be listened on"),
        ])
}
