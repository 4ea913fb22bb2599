import ArgumentParsing
import ProviderKit

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where a prompt comes from: the arguments, what is piped in, or both.
enum PromptInput {
    /// The prompt with its pictures.
    /// - Throws: `UsageError`, when there is no prompt; `InputError`, when what is piped in, or a picture, cannot be used.
    static func message(_ command: ParsedCommand) throws -> Message {
        let images = try command.values("image").map(ImageInput.block)
        return message(try text(command), images)
    }

    /// A text with pictures behind it.
    static func message(_ text: String, _ images: [ContentBlock]) -> Message {
        images.isEmpty ? .user(text) : Message(role: .user, content: .blocks([.text(TextBlock(text))] + images))
    }

    /// The system message that the command line gives; `nil` for none.
    /// - Throws: `UsageError`, `InputError`.
    static func system(_ command: ParsedCommand) throws -> String? {
        guard let file = command.value("system-file") else { return command.value("system") }
        guard command.value("system") == nil else { throw command.usageError("`--system` and `--system-file` exclude each other") }
        return try InputFile.text(file)
    }

    private static func text(_ command: ParsedCommand) throws -> String {
        let words = command.arguments
        let asksForInput = words.contains("-")
        let argument = words.filter { $0 != "-" }.joined(separator: " ")
        let isPiped = isatty(STDIN_FILENO) == 0
        if argument.isEmpty && !isPiped && !asksForInput {
            throw command.usageError("there is no prompt: give it as an argument or pipe it in")
        }
        let piped = isPiped || asksForInput ? try standardInput() : ""
        let parts = [argument, piped].filter { !$0.allSatisfy(\.isWhitespace) }
        guard !parts.isEmpty else { throw command.usageError("the prompt is empty: give it as an argument or pipe it in") }
        return parts.joined(separator: "\n\n")
    }

    private static func standardInput() throws(InputError) -> String {
        // A closed standard input is an empty one.
        guard fcntl(STDIN_FILENO, F_GETFD) != -1 else { return "" }
        return try InputFile.text(of: STDIN_FILENO, called: "standard input")
    }
}
