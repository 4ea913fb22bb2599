import ArgumentParsing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where a prompt comes from: the arguments, what is piped in, or both.
enum PromptInput {
    /// More is no prompt.
    private static let limit = 64 << 20

    /// - Throws: `UsageError`, when there is no prompt; `InputError`, when what is piped in cannot be used.
    static func read(_ command: ParsedCommand) throws -> String {
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
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            #if canImport(Darwin)
                let count = Darwin.read(STDIN_FILENO, &buffer, buffer.count)
            #else
                let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            #endif
            // A closed standard input is an empty one.
            if count == 0 || (count < 0 && errno != EINTR) { break }
            if count > 0 { bytes += buffer[..<count] }
            guard bytes.count <= limit else { throw InputError(message: "standard input is larger than \(limit >> 20) MiB") }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InputError(message: "standard input is not UTF-8 text")
        }
        return text
    }
}

/// What is piped in cannot be a prompt.
struct InputError: Error, CustomStringConvertible {
    var message: String
    var description: String { message }
}
