import ArgumentParsing
import Testing

@Suite("The grammar of a command line")
struct GrammarTests {
    @Test(
        "An option's value may follow it or be attached to it",
        arguments: ["run --model tiny", "run --model=tiny", "run -m tiny", "run -mtiny", "run -m=tiny", "run -qmtiny", "run -qm tiny"])
    func values(_ line: String) throws {
        let command = try parsed(line)
        #expect(command.value("model") == "tiny")
        #expect(command.arguments.isEmpty)
    }

    @Test(
        "An option that may stand without a value takes none from the word behind it",
        arguments: [("", nil), ("--resume What", "last"), ("--resume=abc What", "abc"), ("-r What", "last"), ("-rabc What", "abc")])
    func impliedValue(_ words: String, _ value: String?) throws {
        let option = Option.value("-r", "--resume", named: "SESSION", help: "Go on.", implied: "last")
        let run = Command("run", summary: "Ask.", arguments: [Argument("PROMPT", help: "What.", isOptional: true)], options: [option])
        let tree = CommandTree(Command("tool", summary: "A tool.", subcommands: [run]))
        let command = try parsed("run " + words, by: tree)
        #expect(command.value("resume") == value)
        #expect(command.arguments == (value == nil ? [] : ["What"]))
        #expect(tree.help(for: ["run"])?.contains("-r, --resume[=SESSION]") == true)
    }

    @Test(
        "The word behind an option that stands without its value is told apart, where nothing says that it is an argument",
        arguments: [
            ("--resume abc What", "abc"), ("-qr abc What", "abc"), ("--resume=last abc", nil), ("--resume -- abc", nil),
            ("--resume -q abc", nil), ("What --resume", nil),
        ])
    func wordBehind(_ words: String, _ word: String?) throws {
        let options = [Option.value("-r", "--resume", help: "Go on.", implied: "last"), .flag("-q", help: "Quiet.")]
        let prompt = Argument("PROMPT", help: "What.", isOptional: true, isRepeatable: true)
        let commands = [
            Command("run", summary: "Ask.", arguments: [prompt], options: options), Command("chat", summary: "Talk.", options: options),
        ]
        let tree = CommandTree(Command("tool", summary: "A tool.", subcommands: commands))
        #expect(try parsed("run " + words, by: tree).argument(behind: "resume") == word)
        let error = #expect(throws: UsageError.self) { try parsed("chat --resume abc", by: tree) }
        #expect(error?.suggestion == "--resume=abc")
    }

    @Test("Flags may stand together behind one dash, and those given several times are counted")
    func clusters() throws {
        let command = try parsed("run -qvv --verbose")
        #expect(command.flag("quiet"))
        #expect(command.count("verbose") == 3)
        #expect(!command.flag("json"))
    }

    @Test("Options may stand before, between and behind the arguments")
    func order() throws {
        let command = try parsed("run --json What is -m tiny 2+2? -q")
        #expect(command.arguments == ["What", "is", "2+2?"])
        #expect(command.value("model") == "tiny")
        #expect(command.flag("json"))
        #expect(command.flag("quiet"))
    }

    @Test("Two dashes end the options; a second pair is an argument")
    func endOfOptions() throws {
        let command = try parsed("run -q -- --json -- -m")
        #expect(command.arguments == ["--json", "--", "-m"])
        #expect(!command.flag("json"))
    }

    @Test(
        "What starts with a dash but is no option is an argument",
        arguments: ["-", "-5", "-1.5e3", "- an item", "", "—", "a=b"])
    func dashArguments(_ text: String) throws {
        #expect(try parsed(["run", text]).arguments == [text])
    }

    @Test("Negative numbers are values", arguments: ["--temperature -1.5", "-t -1.5", "-t-1.5", "--temperature=-1.5"])
    func negativeNumbers(_ options: String) throws {
        let temperature = try parsed("run \(options)").double("temperature")
        #expect(temperature == -1.5)
    }

    @Test("With `=`, a value may be empty, start with dashes, or hold more of it", arguments: ["", "--json", "a=b", "=", " x "])
    func attachedValues(_ text: String) throws {
        #expect(try parsed(["run", "--model=\(text)"]).value("model") == text)
    }

    @Test("A repeatable option keeps all values in order; of another, the last counts")
    func repetition() throws {
        let command = try parsed("run -s a=1 --set=b=2=3 -s c= --model x --model y")
        #expect(command.values("set") == ["a=1", "b=2=3", "c="])
        #expect(command.pairs("set").map(\.name) == ["a", "b", "c"])
        #expect(command.pairs("set").map(\.value) == ["1", "2=3", ""])
        #expect(command.value("model") == "y")
    }

    @Test("An inherited option may stand before the command, behind it, and both")
    func inheritance() throws {
        let command = try parsed("--config a config --config b check -v --config=c x.yaml y.yaml")
        #expect(command.path == ["config", "check"])
        #expect(command.command == "sample-host config check")
        #expect(command.values("config") == ["a", "b", "c"])
        #expect(command.count("verbose") == 1)
        #expect(command.arguments == ["x.yaml", "y.yaml"])
    }

    @Test("A word that names a command is an argument once a command takes arguments")
    func commandNamesAsArguments() throws {
        let command = try parsed("run models help")
        #expect(command.path == ["run"])
        #expect(command.arguments == ["models", "help"])
    }

    @Test(
        "Help is asked for by option at any command or by the command `help`",
        arguments: [
            ("--help", []), ("-h", []), ("help", []), ("run --help", ["run"]), ("run -qh", ["run"]), ("run what -h --no-such", ["run"]),
            ("help run", ["run"]), ("config --help", ["config"]), ("help config check", ["config", "check"]),
            ("config check -h", ["config", "check"]),
        ] as [(String, [String])])
    func help(_ line: String, _ path: [String]) throws {
        let invocation = try SampleTree.tree.parse(line.split(separator: " ").map(String.init))
        #expect(invocation == .help(path))
    }

    @Test("The version is an option of the program alone")
    func version() throws {
        #expect(try SampleTree.tree.parse(["--version"]) == .version)
        #expect(throws: UsageError.self) { try SampleTree.tree.parse(["run", "--version"]) }
    }

    @Test("A program without subcommands is run itself, and has no command `help`")
    func singleCommand() throws {
        let tree = CommandTree(
            Command(
                "sim", summary: "Serve.", arguments: [Argument("WORD", help: "A word.", isOptional: true)],
                options: [.flag("-h", help: "Mine.")]))
        let command = try parsed("help -h", by: tree)
        #expect(command.path.isEmpty)
        #expect(command.arguments == ["help"])
        #expect(command.flag("h"))
        #expect(try tree.parse(["--help"]) == .help([]))
    }
}
