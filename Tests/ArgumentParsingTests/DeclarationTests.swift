import ArgumentParsing
import Testing

@Suite("Checks of a declaration")
struct DeclarationTests {
    @Test("A sound declaration has no problems", arguments: [SampleTree.tree, EdgeTree.tree])
    func sound(_ tree: CommandTree) {
        #expect(tree.declarationProblems == [])
    }

    @Test(
        "Contradictions are found",
        arguments: [
            (Command("x", summary: ""), "`x`: it has no summary"),
            (
                Command("x", summary: "X.", options: [.flag("json", help: "")]),
                "`x`: `json` is no name of an option: -x or --xyz is expected"
            ),
            (
                Command("x", summary: "X.", options: [.flag("-json", help: "")]),
                "`x`: `-json` is no name of an option: -x or --xyz is expected"
            ),
            (
                Command("x", summary: "X.", options: [.flag("--a b", help: "")]),
                "`x`: `--a b` is no name of an option: -x or --xyz is expected"
            ),
            (Command("x", summary: "X.", options: [.flag(help: "")]), "`x`: an option has no name"),
            (
                Command("x", summary: "X.", options: [.flag("-a", help: ""), .flag("-a", help: "")]),
                "`x`: the option `-a` is declared twice"
            ),
            (Command("x", summary: "X.", options: [.value("--of", hint: .choices([]), help: "")]), "`x`: the option `--of` has no choices"),
            (Command("x", summary: "X.", arguments: [Argument("A", hint: .choices([]), help: "")]), "`x`: A has no choices"),
            (
                Command("x", summary: "X.", arguments: [Argument("A", help: "", isRepeatable: true), Argument("B", help: "")]),
                "`x`: A takes all arguments, and B stands behind it"
            ),
            (
                Command("x", summary: "X.", arguments: [Argument("A", help: "", isOptional: true), Argument("B", help: "")]),
                "`x`: A is optional, and B behind it is not"
            ),
            (
                Command("x", summary: "X.", arguments: [Argument("A", help: "")], subcommands: [Command("y", summary: "Y.")]),
                "`x`: it has arguments and subcommands"
            ),
            (
                Command("x", summary: "X.", subcommands: [Command("y", summary: "Y."), Command("y", summary: "Y.")]),
                "`x`: the command `y` is declared twice"
            ),
            (
                Command(
                    "x", summary: "X.", options: [.flag("--all", help: "", isInherited: true)],
                    subcommands: [Command("y", summary: "Y.", options: [.flag("--all", help: "")])]),
                "`x y`: the option `--all` is declared twice"
            ),
        ])
    func contradictions(_ command: Command, _ problem: String) {
        #expect(CommandTree(command).declarationProblems == [problem])
    }
}
