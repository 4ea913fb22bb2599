import ArgumentParsing
import Testing

/// The command that `line` (split at spaces) runs.
func parsed(_ line: String, by tree: CommandTree = SampleTree.tree) throws -> ParsedCommand {
    try parsed(line.split(separator: " ").map(String.init), by: tree)
}

func parsed(_ tokens: [String], by tree: CommandTree = SampleTree.tree) throws -> ParsedCommand {
    let invocation = try tree.parse(tokens)
    guard case .run(let command) = invocation else {
        throw UnexpectedInvocation(invocation: invocation)
    }
    return command
}

struct UnexpectedInvocation: Error {
    let invocation: Invocation
}
