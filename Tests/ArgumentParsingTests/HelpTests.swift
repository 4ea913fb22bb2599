import ArgumentParsing
import Testing

@Suite("The help text")
struct HelpTests {
    @Test("The program's help lists commands, environment variables and exit codes")
    func program() {
        let expected =
            #"""
            Talk to a model server.

            USAGE
              sample-host [OPTIONS] COMMAND

            It reads a configuration, asks the server, and prints the answer while it
            arrives.

            A configuration may be as short as this:

              providers:
                - module: provider-vllm

            OPTIONS
                  --config FILE  The mount plan to use. [default: config.yaml] [repeatable]
              -v, --verbose      Say more; twice: everything. [repeatable]
              -h, --help         Show this help.
                  --version      Show the version.

            COMMANDS
              run          Ask one question and print the answer.
              config       Work with mount plans.
              models       List the models that the server serves.
              completions  Print a completion script.
              help         Show the help of a command.

            EXAMPLES
              # Ask one question.
              sample-host run "What is 2+2?"

            ENVIRONMENT
              NO_COLOR      Turns colours off where it is not empty.
              SAMPLE_MODEL  Used where --model is not given.

            EXIT CODES
              0   Done.
              64  The command line is wrong.

            See `sample-host COMMAND --help` for one command.

            """#
        #expect(SampleTree.tree.help() == expected)
    }

    @Test("A command's help sets its own options apart from inherited ones")
    func command() {
        let expected =
            #"""
            Ask one question and print the answer.

            USAGE
              sample-host run [OPTIONS] [PROMPT...]

            Without a PROMPT, standard input is read.

            ARGUMENTS
              [PROMPT...]  The question; several are joined by spaces.

            OPTIONS
              -m, --model NAME     The model to ask. [environment: SAMPLE_MODEL]
                  --endpoint completions|chat
                                   The endpoint to use. [default: completions]
              -s, --set KEY=VALUE  Set a key of the provider's configuration. [repeatable]
                  --logprobs N     How many log-probabilities to show for each token.
              -t, --temperature N  How freely to choose tokens.
                  --session-root DIRECTORY
                                   Where the event logs go.
                  --json           Print one JSON object.
                  --no-stream      Wait for the whole answer.
              -q, --quiet          Print the answer only.
              -h, --help           Show this help.

            GLOBAL OPTIONS
                  --config FILE  The mount plan to use. [default: config.yaml] [repeatable]
              -v, --verbose      Say more; twice: everything. [repeatable]

            EXAMPLES
              # Ask a model by name.
              sample-host run --model tiny-chat 'What is 2+2?'

              # Read the prompt from a file.
              sample-host run --json < prompt.txt | jq .text

            See `sample-host --help` for environment variables and exit codes.

            """#
        #expect(SampleTree.tree.help(for: ["run"], width: 80) == expected)
    }

    @Test("On a narrow terminal everything but a line to be typed fits")
    func narrow() {
        let expected =
            #"""
            Ask one question and print the answer.

            USAGE
              sample-host run [OPTIONS] [PROMPT...]

            Without a PROMPT, standard input is
            read.

            ARGUMENTS
              [PROMPT...]  The question; several are
                           joined by spaces.

            OPTIONS
              -m, --model NAME
                           The model to ask.
                           [environment:
                           SAMPLE_MODEL]
                  --endpoint completions|chat
                           The endpoint to use.
                           [default: completions]
              -s, --set KEY=VALUE
                           Set a key of the
                           provider's configuration.
                           [repeatable]
                  --logprobs N
                           How many
                           log-probabilities to show
                           for each token.
              -t, --temperature N
                           How freely to choose
                           tokens.
                  --session-root DIRECTORY
                           Where the event logs go.
                  --json   Print one JSON object.
                  --no-stream
                           Wait for the whole
                           answer.
              -q, --quiet  Print the answer only.
              -h, --help   Show this help.

            GLOBAL OPTIONS
                  --config FILE
                             The mount plan to use.
                             [default: config.yaml]
                             [repeatable]
              -v, --verbose  Say more; twice:
                             everything.
                             [repeatable]

            EXAMPLES
              # Ask a model by name.
              sample-host run --model tiny-chat 'What is 2+2?'

              # Read the prompt from a file.
              sample-host run --json < prompt.txt | jq .text

            See `sample-host --help` for environment variables and exit codes.

            """#
        #expect(SampleTree.tree.help(for: ["run"], width: 40) == expected)
    }

    @Test("Headings are bold if asked for")
    func bold() {
        let expected =
            #"""
            Check mount plans.

            \#u{1B}[1mUSAGE\#u{1B}[0m
              sample-host config check [OPTIONS] FILE...

            \#u{1B}[1mARGUMENTS\#u{1B}[0m
              FILE...  The file.

            \#u{1B}[1mOPTIONS\#u{1B}[0m
              -h, --help  Show this help.

            \#u{1B}[1mGLOBAL OPTIONS\#u{1B}[0m
                  --config FILE  The mount plan to use. [default: config.yaml] [repeatable]
              -v, --verbose      Say more; twice: everything. [repeatable]

            See `sample-host --help` for environment variables and exit codes.

            """#
        #expect(SampleTree.tree.help(for: ["config", "check"], boldHeadings: true) == expected)
    }

    @Test("Text keeps within the width given, from 40 to 100 columns", arguments: [(1, 40), (40, 40), (72, 72), (100, 100), (5_000, 100)])
    func width(_ width: Int, _ effective: Int) throws {
        let long = String(repeating: "many words about it ", count: 20)
        let tree = CommandTree(
            Command("sim", summary: long, discussion: long, options: [.value("-o", "--option", help: long)]),
            exitCodes: [ExitCode(1, long)])
        let lines = try #require(tree.help(width: width)).split(separator: "\n")
        let longest = try #require(lines.map(\.count).max())
        #expect(longest <= effective)
        #expect(longest > effective - 6)
    }

    @Test("A word that is wider than its column stands whole")
    func longWord() throws {
        let address = "http://" + String(repeating: "a", count: 100)
        let tree = CommandTree(Command("sim", summary: "See \(address) for more."))
        let help = try #require(tree.help(width: 40))
        #expect(help.hasPrefix("See\n\(address)\nfor more.\n"))
    }

    @Test("A program without subcommands has environment and exit codes in its only help, and no command `help`")
    func singleCommand() throws {
        let tree = CommandTree(
            Command("sim", summary: "Serve.", options: [.value("--port", hint: .integer, help: "The port.", environment: "SIM_PORT")]),
            exitCodes: [ExitCode(0, "Done.")])
        let expected = """
            Serve.

            USAGE
              sim [OPTIONS]

            OPTIONS
                  --port N  The port. [environment: SIM_PORT]
              -h, --help    Show this help.

            ENVIRONMENT
              SIM_PORT  Used where --port is not given.

            EXIT CODES
              0  Done.

            """
        #expect(tree.help() == expected)
    }

    @Test("There is no help for a command that does not exist")
    func unknown() {
        #expect(SampleTree.tree.help(for: ["rnu"]) == nil)
        #expect(SampleTree.tree.help(for: ["run", "now"]) == nil)
    }
}
