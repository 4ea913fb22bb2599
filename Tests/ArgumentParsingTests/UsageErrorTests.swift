import ArgumentParsing
import Testing

@Suite("Errors in a command line")
struct UsageErrorTests {
    @Test(
        "Every error says what is wrong and, where something is near, what was probably meant",
        arguments: [
            ("run --modle x", "unknown option `--modle`", "--model"),
            ("run --Model x", "unknown option `--Model`", "--model"),
            ("run --jsno", "unknown option `--jsno`", "--json"),
            ("run --xyzzy", "unknown option `--xyzzy` (put `--` before an argument that starts with a dash)", nil),
            ("models --xyzzy", "unknown option `--xyzzy`", nil),
            ("models -x", "unknown option `-x`", nil),
            ("run -qx", "unknown option `-x` in `-qx`", nil),
            ("run -json", "unknown option `-j` in `-json`", "--json"),
            ("completions --no-verbose", "unknown option `--no-verbose` (put `--` before an argument that starts with a dash)", nil),
            ("run --stream", "unknown option `--stream` (put `--` before an argument that starts with a dash)", nil),
            ("--model x run", "`--model` is an option of a command and stands behind it: `sample-host run --model`", nil),
            ("run --model", "`--model` needs a value: --model NAME", nil),
            ("run -qm", "`-m` needs a value: -m NAME", nil),
            ("run --model --json", "`--model` needs a value, but `--json` follows; if that is the value, write `--model=--json`", nil),
            ("run -m -q", "`-m` needs a value, but `-q` follows; if that is the value, write `-m-q`", nil),
            ("run --model -- x", "`--model` needs a value, but `--` follows; if that is the value, write `--model=--`", nil),
            ("run --json=yes", "`--json` takes no value, but was given `yes`", nil),
            ("run -q=yes", "`-q` takes no value, but was given `yes`", nil),
            ("run --logprobs three", "`--logprobs` must be a whole number, not `three`", nil),
            ("run --logprobs 1.5", "`--logprobs` must be a whole number, not `1.5`", nil),
            ("run --logprobs 99999999999999999999", "`--logprobs` must be a whole number, not `99999999999999999999`", nil),
            ("run --logprobs=", "`--logprobs` must be a whole number, not ``", nil),
            ("run -t warm", "`-t` must be a number, not `warm`", nil),
            ("run -t nan", "`-t` must be a number, not `nan`", nil),
            ("run --endpoint chta", "`--endpoint` must be one of completions, chat, not `chta`", "--endpoint chat"),
            ("run --endpoint rerank", "`--endpoint` must be one of completions, chat, not `rerank`", nil),
            ("run --set key", "`--set` must be KEY=VALUE, not `key`", nil),
            ("run --set =value", "`--set` must be KEY=VALUE, not `=value`", nil),
            ("rnu what", "unknown command `rnu`", "run"),
            ("modles", "unknown command `modles`", "models"),
            ("hlep", "unknown command `hlep`", "help"),
            ("frobnicate", "unknown command `frobnicate`", nil),
            ("config chekc", "unknown command `chekc`", "check"),
            ("help rnu", "`sample-host` has no command `rnu`", "run"),
            ("help run now", "`sample-host run` has no command `now`", nil),
            ("", "`sample-host` needs a command: run, config, models, completions", nil),
            ("config", "`sample-host config` needs a command: check, show", nil),
            ("config check", "missing argument FILE", nil),
            ("models now", "unexpected argument `now`: `sample-host models` takes no arguments", nil),
            ("completions bash zsh", "unexpected argument `zsh`: `sample-host completions` takes one argument", nil),
            ("completions bsh", "SHELL must be one of bash, zsh, fish, not `bsh`", "bash"),
        ] as [(String, String, String?)])
    func messages(_ line: String, _ message: String, _ suggestion: String?) throws {
        let error = try #require(throws: UsageError.self) { try parsed(line) }
        #expect(error.message == message)
        #expect(error.suggestion == suggestion)
    }

    @Test("An error names the command whose help explains it")
    func commands() throws {
        let atTop = try #require(throws: UsageError.self) { try parsed("rnu") }
        #expect(atTop.description == "unknown command `rnu`; did you mean `run`?\nSee `sample-host --help`.")
        let below = try #require(throws: UsageError.self) { try parsed("config check") }
        #expect(below.description == "missing argument FILE.\nSee `sample-host config check --help`.")
    }

    @Test(
        "A number outside the range that the program allows is an error",
        arguments: [
            (0...20, "must be from 0 to 20, not 21"), (22...Int.max, "must be at least 22, not 21"),
            (Int.min...20, "must be at most 20, not 21"),
        ])
    func integerRange(_ range: ClosedRange<Int>, _ message: String) throws {
        let command = try parsed("run --logprobs 21")
        let error = try #require(throws: UsageError.self) { try command.int("logprobs", in: range) }
        #expect(error == UsageError(message: "`--logprobs` \(message)", command: "sample-host run"))
        #expect(try command.int("logprobs", in: 0...21) == 21)
    }

    @Test("A decimal number is checked against its range too, and what is absent passes")
    func numberRange() throws {
        let command = try parsed("run -t 2.5")
        let error = try #require(throws: UsageError.self) { try command.double("temperature", in: 0...2) }
        #expect(error.message == "`--temperature` must be from 0.0 to 2.0, not 2.5")
        #expect(try parsed("run").double("temperature", in: 0...2) == nil)
        #expect(try parsed("run").int("logprobs", in: 0...20) == nil)
    }

    @Test("An option read as a number must hold one, whatever its hint")
    func textAsNumber() throws {
        let command = try parsed("run -m tiny")
        #expect(throws: UsageError.self) { try command.int("model") }
        #expect(throws: UsageError.self) { try command.double("model") }
    }

    @Test("The program's own checks give errors of the same form")
    func ownChecks() throws {
        let error = try parsed("run").usageError("`--dry-run` and `--curl` exclude each other")
        #expect(error.description == "`--dry-run` and `--curl` exclude each other.\nSee `sample-host run --help`.")
    }

    @Test("A very long word is answered at once")
    func longWord() throws {
        let word = String(repeating: "x", count: 1_000_000)
        let error = try #require(throws: UsageError.self) { try parsed([word]) }
        #expect(error.suggestion == nil)
    }

    @Test("Asking for an option that only another command has gives nothing")
    func foreignKey() throws {
        let command = try parsed("models")
        #expect(command.value("endpoint") == nil)
        #expect(!command.flag("json"))
    }

    #if DEBUG
        @Test("Asking for an option that no command has traps in debug builds")
        func unknownKey() async throws {
            let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = try parsed("models").flag("jsno")
            }
            let complaint = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
            #expect(complaint.contains("no command declares an option with the key jsno"))
        }
    #endif
}
