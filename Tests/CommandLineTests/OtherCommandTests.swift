import ArgumentParsing
import Foundation
import JSON
import TestSupport
import Testing
import VLLMSimulator

@testable import vllm_host

@Suite("The other commands of vllm-host")
struct OtherCommandTests {
    @Test("the declaration of the command line has no mistakes")
    func declaration() {
        #expect(HostCommand.tree.declarationProblems == [])
    }

    @Test("help and manual page list every command and every exit code")
    func help() async throws {
        let help = try #require(HostCommand.tree.help())
        let manual = HostCommand.tree.manualPage()
        for command in HostCommand.tree.root.subcommands {
            #expect(help.contains(command.name))
            #expect(manual.contains(command.name))
        }
        for code in ExitStatus.table { #expect(help.contains("\(code.code)")) }
    }

    @Test("models lists what the server has, as a table and as JSON")
    func models() async throws {
        let simulator = try VLLMSimulator(options: VLLMSimulator.Options(models: ["big", "tiny"]))
        try await withTemporaryDirectory { home in
            let table = try await HostProcess.run(["models", "--base-url", simulator.baseURL], home: home)
            #expect(table.output == "big   2048 tokens\ntiny  2048 tokens\n")
            let json = try await HostProcess.run(["models", "--base-url", simulator.baseURL, "--json"], home: home)
            #expect(try json.json()[1]?["context_window"] == 2048)
        }
    }

    @Test("with several models served and none named, run lists them")
    func severalModels() async throws {
        var options = VLLMSimulator.Options()
        options.respond = { request in
            guard request.path == "/v1/models" else { return nil }
            return .json(["object": "list", "data": [["id": "a"], ["id": "b"]]])
        }
        let several = try VLLMSimulator(options: options)
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["run", "--base-url", several.baseURL, "Hi"], home: home)
            #expect(run.code == 78)
            #expect(run.errors.contains("several models: a, b"))
        }
    }

    @Test("config check names file, line, column and key, and ends with 78; a good file with 0")
    func configCheck() async throws {
        try await withTemporaryDirectory { home in
            let file = home + "/plan.yaml"
            try """
            session: {orchestrator: loop-streaming, context: context-simple}
            providers:
              - module: provider-vllm
                config:
                  base_ulr: http://h:1
                  timeout: soon
            """.write(toFile: file, atomically: true, encoding: .utf8)
            let bad = try await HostProcess.run(["config", "check", file], home: home)
            #expect(bad.code == 78)
            #expect(bad.output.contains("\(file):5:7: warning: providers[0].config.base_ulr: unknown key (did you mean `base_url`?)"))
            #expect(bad.output.contains("\(file):6:16: error: providers[0].config.timeout: expected a number of seconds"))
            for (plan, message) in [
                ("session: {orchestrator: loop-foo, context: context-simple}", "there is no orchestrator module \"loop-foo\""),
                ("session: {orchestrator: loop-basic, context: context-foo}", "there is no context module \"context-foo\""),
                ("providers: [{module: provider-foo}]", "there is no provider module \"provider-foo\""),
                ("providers: [{module: provider-vllm, config: {base_url: x}}]", "write http://x"),
                ("tools: [{module: tool-foo}]", "there is no tool module \"tool-foo\""),
                ("hooks: [{module: hooks-foo}]", "there is no hooks module \"hooks-foo\""), ("providers: []", "no provider"),
            ] {
                try plan.write(toFile: file, atomically: true, encoding: .utf8)
                let wrong = try await HostProcess.run(["config", "check", file], home: home)
                #expect(wrong.code == 78)
                #expect(wrong.output.contains(message))
            }
            try """
            session: {orchestrator: loop-streaming, context: context-simple}
            providers: [{module: provider-vllm, config: {base_url: "http://h:1"}}]
            """.write(toFile: file, atomically: true, encoding: .utf8)
            let good = try await HostProcess.run(["config", "check", file], home: home)
            #expect(good.code == 0)
            #expect(good.output == "\(file): no problems\n")
        }
    }

    @Test("config show tells where each value came from and shows no secret")
    func configShow() async throws {
        try await withTemporaryDirectory { home in
            let file = home + "/plan.yaml"
            try "providers: [{module: provider-vllm, config: {base_url: '${WHERE}', api_key: super-secret}}]".write(
                toFile: file, atomically: true, encoding: .utf8)
            let run = try await HostProcess.run(
                ["config", "show", file, "--set", "max_tokens=7"], environment: ["WHERE": "http://h:1"], home: home)
            #expect(run.code == 0)
            #expect(!run.output.contains("super-secret"))
            let lines = run.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
            #expect(lines.contains("base_url: http://h:1 # environment variable WHERE"))
            #expect(lines.contains("max_tokens: 7 # --set"))
            #expect(lines.contains("temperature: 0.7 # default"))
        }
    }

    @Test("the project's file counts more than the user's, the environment more than both, and a named file more than the environment")
    func discovery() async throws {
        try await withTemporaryDirectory { home in
            let files = FileManager.default
            try files.createDirectory(atPath: home + "/.config/vllm-host", withIntermediateDirectories: true)
            try "providers: [{module: provider-vllm, config: {base_url: 'http://user:1', max_tokens: 5}}]".write(
                toFile: home + "/.config/vllm-host/config.yaml", atomically: true, encoding: .utf8)
            try "providers: [{module: provider-vllm, config: {base_url: 'http://project:1'}}]".write(
                toFile: home + "/.vllm-host.yaml", atomically: true, encoding: .utf8)
            let run = try await HostProcess.run(["config", "show"], home: home)
            #expect(run.output.contains("base_url: http://project:1"))
            #expect(run.output.contains("max_tokens: 5"))
            let environment = ["VLLM_BASE_URL": "http://environment:1"]
            let found = try await HostProcess.run(["config", "show"], environment: environment, home: home)
            #expect(found.output.contains("base_url: http://environment:1"))
            let named = try await HostProcess.run(["config", "show", ".vllm-host.yaml"], environment: environment, home: home)
            #expect(named.output.contains("base_url: http://project:1"))
        }
    }

    @Test("chat answers line by line and remembers what was said")
    func chat() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(
                ["chat", "--base-url", simulator.baseURL, "--set", "temperature=0"],
                input: "My name is Sam.\nWhat is my name?\n/new\nWhat is \\\n2+2?\n/nonsense\n/quit\nHi\n", home: home)
            #expect(run.code == 0)
            #expect(run.output.hasPrefix("Nice to meet you, Sam!\nYour name is Sam.\n"))
            #expect(run.errors.contains("there is no command /nonsense"))
            #expect(!run.output.contains("Hi there!"))
        }
        let sent = simulator.requests.filter { $0.path == "/tokenize" }.last?.json
        #expect(sent?["messages"] == [["role": "user", "content": "What is \n2+2?"]])
    }

    @Test("completions prints a script for each shell", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["completions", shell], home: home)
            #expect(run.code == 0)
            #expect(run.output.contains("session-root"))
        }
    }

    @Test("a reader that goes away ends the program silently with 141")
    func brokenPipe() async throws {
        let simulator = try VLLMSimulator(options: VLLMSimulator.Options(tokenDelay: .milliseconds(20)))
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.shell(
                "'\(HostProcess.binary)' run -q --base-url \(simulator.baseURL) 'Tell me a long story.' | head -c 4; exit ${PIPESTATUS[0]}",
                home: home)
            #expect(run.code == 141)
            #expect(run.output == "Once")
            #expect(run.errors == "")
            let log = try await HostProcess.shell("tail -n 1 .amplifier/projects/*/sessions/*/events.jsonl", home: home)
            let end = try log.json()
            #expect(end["event"] == "session:end")
            #expect(end["status"] == "cancelled")
        }
    }

    @Test("an answer that cannot be written is an error with its reason, not a broken pipe")
    func fullDisk() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.shell(
                "'\(HostProcess.binary)' run -q --base-url \(simulator.baseURL) 'What is 2+2?' > /dev/full", home: home)
            #expect(run.code == 1)
            #expect(run.errors.contains("cannot write the answer: No space left on device"))
        }
    }

    @Test("an argument that is not UTF-8 is refused, not repaired")
    func invalidArgument() async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.shell("'\(HostProcess.binary)' run --simulator $'\\xff\\xfeWhat'", home: home)
            #expect(run.code == 65)
            #expect(run.errors.contains("argument 3 is not UTF-8 text"))
        }
    }

    @Test("a terminal is not given a model's control characters")
    func controlCharacters() {
        #expect(Terminal.withoutControls("a\u{1B}[2J\tb\n\u{9B}31m\u{7F}é日") == "a\u{FFFD}[2J\tb\n\u{FFFD}31m\u{FFFD}é日")
    }
}
