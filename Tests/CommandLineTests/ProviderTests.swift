import JSON
import Locks
import TestSupport
import Testing
import VLLMSimulator

@testable import vllm_host

@Suite("vllm-host with several providers")
struct ProviderTests {
    private static let question = "What is 2+2?"
    private static let refused = "connection refused by 127.0.0.1:"

    /// Runs in a home with a plan of two instances.
    private func run(
        _ arguments: [String], main: String, spare: String, input: String = "", loop: String = "failover: true"
    ) async throws -> HostProcess {
        try await TwoProviders(main: "base_url: \"\(main)\"", spare: "base_url: \"\(spare)\"", loop: loop).run(arguments, input: input)
    }

    @Test("a provider that fails is told on one line, and the next one answers")
    func failover() async throws {
        let (nobody, simulator) = (ClosedPort(), try VLLMSimulator())
        let person = try await run(["run", "-q", Self.question], main: nobody.baseURL, spare: simulator.baseURL)
        #expect(person.code == 0)
        #expect(person.output == "4\n")
        #expect(person.errors.split(separator: "\n").count == 1)
        #expect(person.errors.hasPrefix("vllm-host: main failed: \(Self.refused)"))
        #expect(person.errors.hasSuffix("; asking spare\n"))
        let machine = try await run(["run", "--json", Self.question], main: nobody.baseURL, spare: simulator.baseURL)
        #expect(try machine.json()["provider"] == "spare")
        #expect(try machine.json()["text"]?.string == "4")
    }

    @Test("when all fail, the error names each of them")
    func allFail() async throws {
        let (nobody, noOne) = (ClosedPort(), ClosedPort())
        let run = try await run(["run", Self.question], main: nobody.baseURL, spare: noOne.baseURL)
        #expect(run.code == 69)
        #expect(run.errors.contains("vllm-host: main: \(Self.refused)\(nobody.number)"))
        #expect(run.errors.contains("; spare: \(Self.refused)\(noOne.number)"))
    }

    @Test("whose retries and warnings one sees is told where instances have names")
    func names() async throws {
        let simulator = try VLLMSimulator(
            options: .init(respond: { _ in .json(["error": ["message": "busy", "code": 503]], status: 503) }))
        let settings = ["max_retries=1", "min_retry_delay=0.1", "retry_jitter=false", "insecure_skip_verify=true"]
        let run = try await run(
            ["run", "--provider", "main"] + settings.flatMap { ["--set", $0] } + ["Hi"], main: simulator.baseURL, spare: "http://spare:1")
        #expect(run.errors.contains("vllm-host: main: warning: insecure_skip_verify is on"))
        #expect(run.errors.contains("vllm-host: main: retry 1 of 1 in 0.1 s: \(simulator.baseURL) cannot answer now"))
    }

    @Test("failover: false asks one alone")
    func off() async throws {
        let (nobody, simulator) = (ClosedPort(), try VLLMSimulator())
        let run = try await run(["run", Self.question], main: nobody.baseURL, spare: simulator.baseURL, loop: "failover: false")
        #expect(run.code == 69)
        #expect(simulator.requests.isEmpty)
    }

    @Test("--provider asks that one, and what the command line says is for it")
    func chosen() async throws {
        let (main, spare) = (try VLLMSimulator(), try VLLMSimulator())
        let run = try await run(
            ["run", "--json", "--provider", "spare", "--endpoint", "chat", "--set", "top_k=7", Self.question], main: main.baseURL,
            spare: spare.baseURL)
        #expect(try run.json()["provider"] == "spare")
        #expect(main.requests.isEmpty)
        #expect(spare.requests.last?.json?["top_k"] == 7)
        let dry = try await self.run(["run", "--provider", "spare", "--dry-run", "Hi"], main: "http://main:1", spare: "http://spare:1")
        #expect(dry.output.contains("http://spare:1/") && !dry.output.contains("http://main:1/"))
    }

    @Test(
        "who is named on the command line has no substitute, and neither has who is told there which server or model to ask",
        arguments: [["--provider", "main"], ["--base-url", "NOBODY"], ["--model", "m"], ["--set", "base_url=NOBODY"]])
    func noSubstitute(arguments: [String]) async throws {
        let (nobody, spare) = (ClosedPort(), try VLLMSimulator())
        let arguments = arguments.map { $0.replacing("NOBODY", with: nobody.baseURL) }
        let run = try await run(["run"] + arguments + [Self.question], main: nobody.baseURL, spare: spare.baseURL)
        #expect(run.code == 69)
        #expect(run.errors.hasPrefix("vllm-host: \(Self.refused)"))
        #expect(spare.requests.isEmpty)
    }

    @Test(
        "a provider that there is not: code 78, those that there are, and the nearest one",
        arguments: [["run", "Hi"], ["models"], ["chat"], ["config", "show"]])
    func unknown(command: [String]) async throws {
        let run = try await run(command + ["--provider", "mian"], main: "http://main:1", spare: "http://spare:1")
        #expect(run.code == 78)
        #expect(run.errors.contains("no provider is mounted as \"mian\" (did you mean main? there are spare, main)"))
    }

    @Test("a plan that cannot be read is what is wrong, whatever provider is asked for")
    func wrongPlan() async throws {
        try await withTemporaryDirectory { home in
            try writeFile(home + "/.vllm-host.yaml", "providers: [{module: provider-vllm}, {module: provider-vllm}]".utf8)
            let run = try await HostProcess.run(["run", "--provider", "main", "Hi"], home: home)
            #expect(run.code == 78)
            #expect(run.errors.contains(".vllm-host.yaml:1:38: error: providers[1]: Multi-instance providers require explicit"))
        }
    }

    @Test("models says whose models it lists, and lists those of another one")
    func models() async throws {
        let main = try VLLMSimulator(options: VLLMSimulator.Options(models: ["big"]))
        let spare = try VLLMSimulator(options: VLLMSimulator.Options(models: ["small"]))
        let first = try await run(["models"], main: main.baseURL, spare: spare.baseURL)
        #expect(first.output == "big  2048 tokens\n")
        #expect(first.errors == "models of main; with --provider those of another one: spare\n")
        let other = try await run(["models", "--provider", "spare"], main: main.baseURL, spare: spare.baseURL)
        #expect(other.output == "small  2048 tokens\n")
        #expect(other.errors == "")
    }

    @Test("in a chat /provider lists the providers, chooses one, and takes that back; what fails is told once, and who answers again")
    func chat() async throws {
        let (nobody, simulator) = (ClosedPort(), try VLLMSimulator())
        let run = try await run(
            ["chat", "--set", "temperature=0"], main: nobody.baseURL, spare: simulator.baseURL,
            input:
                "\(Self.question)\n/new\n\(Self.question)\n/provider\n/provider spare\n/provider\n/provider main\nHi\n/provider *\n/provider x\n"
        )
        #expect(run.code == 0)
        #expect(run.output == "4\n4\n")
        #expect(run.errors.split(separator: "\n").count { $0.hasPrefix("vllm-host: main failed: ") && $0.hasSuffix("; asking spare") } == 1)
        #expect(run.errors.contains("  main   priority 10  has failed, asked last\n* spare  priority 20  tiny-chat\n"))
        let chosen = "  main   priority 10  has failed, asked last\n* spare  priority 20  tiny-chat  asked alone\n"
        #expect(run.errors.contains(chosen))
        // Alone, it has no substitute.
        #expect(run.errors.contains("vllm-host: \(Self.refused)"))
        #expect(run.errors.contains("no provider is mounted as \"x\" (there are main, spare)"))
    }

    @Test("that a provider is asked again after a failure is told, too")
    func again() async throws {
        let isFirst = Guarded(true)
        let main = try VLLMSimulator(
            options: .init(respond: { request in
                guard request.path == "/v1/completions" else { return nil }
                let fails = isFirst.withLock { isFirst in
                    defer { isFirst = false }
                    return isFirst
                }
                return fails ? .json(["error": ["message": "busy", "code": 503]], status: 503) : nil
            }))
        let spare = try VLLMSimulator()
        let run = try await run(
            ["chat", "--set", "temperature=0"], main: main.baseURL, spare: spare.baseURL,
            input: "\(Self.question)\n/new\n\(Self.question)\n", loop: "failover_cooldown: 0")
        #expect(run.output == "4\n4\n")
        #expect(run.errors.split(separator: "\n").count { $0.hasSuffix("; asking spare") } == 1)
        #expect(run.errors.contains("\nvllm-host: asking main again\n"))
        #expect(spare.requests.count { $0.path == "/v1/completions" } == 1)
    }

    @Test("a setting of the loop that does not exist is told with its place and the nearest one, by config check and by run")
    func unknownSetting() async throws {
        let (main, spare) = (try VLLMSimulator(), try VLLMSimulator())
        for command in [["config", "check"], ["run", Self.question]] {
            let run = try await run(command, main: main.baseURL, spare: spare.baseURL, loop: "failver: false")
            #expect(run.code == 0)
            let place = ".vllm-host.yaml:1:59: warning: session.orchestrator.config.failver: unknown key (did you mean `failover`?)"
            #expect((run.output + run.errors).contains(place))
        }
    }

    @Test("the example of two instances has no problems")
    func example() async throws {
        try await withTemporaryDirectory { home in
            try writeFile(home + "/providers.yaml", fileBytes("Config/providers.yaml"))
            let run = try await HostProcess.run(["config", "check", "providers.yaml"], home: home)
            #expect(run.output == "providers.yaml: no problems\n")
            #expect(run.code == 0)
        }
    }
}
