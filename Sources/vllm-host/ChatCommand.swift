import ArgumentParsing

/// `vllm-host chat`: talks with the model, line by line.
struct ChatCommand {
    init(_ command: ParsedCommand, _ terminal: Terminal) {}

    func run() async -> Int32 { ExitStatus.internalError }
}
