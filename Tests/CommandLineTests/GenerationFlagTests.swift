import ArgumentParsing
import Configuration
import JSON
import TestSupport
import Testing
import VLLMProvider
import VLLMSimulator

@testable import vllm_host

@Suite("Options made from the provider's keys")
struct GenerationFlagTests {
    private static let keys = VLLMProvider.callOptionKeys.filter { !$0.hasPrefix("guided_") } + ["context_window", "max_output_tokens"]
    /// The options of keys whose options have other names.
    private static let names = ["enable_thinking": "--think", "use_completions": "--endpoint", "use_streaming": "--no-stream"]

    @Test("every key of an answer has an option in run and chat, also in the manual page", arguments: keys)
    func everyKey(key: String) throws {
        let name = Self.names[key] ?? "--\(key.replacing("_", with: "-"))"
        for command in ["run", "chat"] {
            let help = try #require(HostCommand.tree.help(for: [command]))
            let isThere = help.contains(name) || help.contains(name.replacing("--", with: "--[no-]"))
            #expect(isThere)
        }
        #expect(HostCommand.tree.manualPage().contains("\\fB\(name.replacing("-", with: "\\-"))\\fP"))
    }

    @Test("the help of run is no longer than two screens")
    func readable() throws {
        let help = try #require(HostCommand.tree.help(for: ["run"]))
        #expect(help.split(separator: "\n", omittingEmptySubsequences: false).count < 117)
    }

    /// The body that is sent with these options.
    private func body(_ arguments: [String], plan: String = "") async throws -> JSONValue {
        try await withTemporaryDirectory { home in
            try writeFile(home + "/.vllm-host.yaml", plan.utf8)
            let fixed = ["run", "--base-url", "http://h:1", "--endpoint", "chat", "--dry-run", "Hi"]
            let run = try await HostProcess.run(fixed + arguments, home: home)
            try #require(run.code == 0, "\(run.errors)")
            return try run.json()[0]?["body"] ?? .null
        }
    }

    @Test(
        "an option is the key's value in the request",
        arguments: [
            (["--temperature", "0"], "temperature", "0.0"), (["-t=0.5"], "temperature", "0.5"), (["--top-k", "20"], "top_k", "20"),
            (["--top-p", "0.9"], "top_p", "0.9"), (["--min-p", "0.1"], "min_p", "0.1"), (["--seed", "-3"], "seed", "-3"),
            (["--max-tokens", "7"], "max_tokens", "7"), (["-n", "3"], "n", "3"), (["--n", "3"], "n", "3"),
            (["--stop", "a, b", "--stop", "[c]"], "stop", #"["a, b","[c]"]"#), (["--presence-penalty=-1"], "presence_penalty", "-1.0"),
            (["--stop-token-ids", "3", "--stop-token-ids", "4"], "stop_token_ids", "[3,4]"), (["--ignore-eos"], "ignore_eos", "true"),
            (["--no-skip-special-tokens"], "skip_special_tokens", "false"),
            (["--logit-bias", "{42: -100}"], "logit_bias", #"{"42":-100.0}"#),
            (["--extra-body", #"{"x": [1, "y"]}"#], "x", #"[1,"y"]"#), (["--reasoning-effort", "low"], "reasoning_effort", #""low""#),
            (["--chat-template", "{{ x }}: y"], "chat_template", #""{{ x }}: y""#),
        ])
    func values(arguments: [String], key: String, value: String) async throws {
        #expect(try await body(arguments)[key]?.text == value)
    }

    @Test("--think and --no-think say whether the model reasons", arguments: [("--think", true), ("--no-think", false)])
    func thinking(option: String, thinks: Bool) async throws {
        #expect(try await body([option])["chat_template_kwargs"]?["enable_thinking"]?.bool == thinks)
    }

    @Test("an option counts more than a file, and --set as much as its option: the later one")
    func precedence() async throws {
        let plan = "providers: [{module: provider-vllm, config: {temperature: 0.1, top_k: 5}}]"
        let sent = try await body(["-t", "0.2"], plan: plan)
        #expect(sent["temperature"]?.double == 0.2)
        #expect(sent["top_k"]?.int == 5)
    }

    @Test(
        "a value that the key does not take is a usage error that names the option",
        arguments: [
            (["--temperature", "5"], "`--temperature`: expected a number between 0 and 2, found \"5\""),
            (["--top-k", "many"], "`--top-k` must be a whole number, not `many`"),
            (["--logit-bias", "3"], "`--logit-bias`: expected a mapping, found \"3\""),
            (["--extra-body", "{a: [1"], "`--extra-body`: "),
            (["--truncation-side", "up"], "`--truncation-side` must be one of left, right"),
            (["--ignore-eos", "--no-ignore-eos"], "`--ignore-eos` and `--no-ignore-eos` exclude each other"),
            (["--think", "--no-think"], "`--think` and `--no-think` exclude each other"),
            (["--tempeature", "1"], "did you mean `--temperature`?"),
        ])
    func errors(arguments: [String], message: String) async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["run", "--base-url", simulator.baseURL, "Hi"] + arguments, home: home)
            #expect(run.code == 64)
            #expect(run.errors.contains(message))
        }
        #expect(simulator.requests.isEmpty)
    }
}
