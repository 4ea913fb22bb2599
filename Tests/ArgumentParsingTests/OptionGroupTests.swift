import ArgumentParsing
import Testing

@Suite("Options under headings")
struct OptionGroupTests {
    private static let tree = CommandTree(
        Command(
            "sim", summary: "Serve.",
            options: [
                Option.value("--choice", named: "TEXT", help: "A text.", isRepeatable: true).grouped(under: OptionGroup("Answer")),
                .flag("-q", "--quiet", help: "Say less."),
                Option.value("-n", "--n", hint: .integer, help: "How many.").grouped(under: sampling),
                Option.flag("--echo", help: "Repeat the prompt.").grouped(under: sampling),
                Option.flag("--no-echo", help: "Do not.").grouped(under: sampling),
                Option.value("--repetition-penalty", hint: .number, help: "Against repetition.").grouped(under: sampling),
                Option.flag("--no-cache", help: "No cache.").grouped(under: sampling),
            ]))
    private static let sampling = OptionGroup("Sampling", note: "Each is a key of the plan.", isBrief: true)

    @Test("help lists each group below the options under none; a brief one in lines, a flag and its opposite as one")
    func help() {
        let expected = """
            Serve.

            USAGE
              sim [OPTIONS]

            OPTIONS
              -q, --quiet  Say less.
              -h, --help   Show this help.

            ANSWER
                  --choice TEXT  A text. [repeatable]

            SAMPLING
              Each is a key of the plan.
              -n, --n N, --[no-]echo, --repetition-penalty N,
              --no-cache

            """
        #expect(Self.tree.help(width: 56) == expected)
    }

    @Test("the manual page says what each does, under the same headings")
    func manual() {
        let expected = #"""
            .SS sim go
            Go.
            .TP
            \fB\-v\fP
            More.
            .PP
            \fBSampling\fP
            .br
            Each is a key of the plan.
            .TP
            \fB\-\-echo\fP
            Repeat the prompt.

            """#
        let echo = Option.flag("--echo", help: "Repeat the prompt.").grouped(under: Self.sampling)
        let go = Command("go", summary: "Go.", options: [echo, .flag("-v", help: "More.")])
        #expect(CommandTree(Command("sim", summary: "Serve.", subcommands: [go])).manualPage().hasSuffix(expected))
    }

    @Test("a long name may have one letter, and is the option's key")
    func oneLetter() throws {
        #expect(Self.tree.declarationProblems == [])
        guard case .run(let command) = try Self.tree.parse(["--n", "3"]) else { return #expect(Bool(false)) }
        #expect(try command.int("n") == 3)
    }
}
