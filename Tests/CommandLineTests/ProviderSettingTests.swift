import JSON
import TestSupport
import Testing
import VLLMSimulator

@Suite("Which of several providers a setting is for")
struct ProviderSettingTests {
    private static let question = "What is 2+2?"
    private static let answers = "/v1/chat/completions"

    private func url(_ simulator: VLLMSimulator) -> String { "base_url: \"\(simulator.baseURL)\"" }

    @Test(
        "what the command line says of the answer holds for the provider that answers in another one's place, too",
        arguments: [
            (["--choice", "cat", "--choice", "dog"], "structured_outputs", #"{"choice":["cat","dog"]}"#),
            (["--regex", "[0-9]+"], "structured_outputs", #"{"regex":"[0-9]+"}"#), (["-t", "0"], "temperature", "0.0"),
            (["--max-tokens", "3"], "max_tokens", "3"), (["--think"], "chat_template_kwargs", #"{"enable_thinking":true,"thinking":true}"#),
            (["--set", "top_k=7"], "top_k", "7"),
            (["--set", "structured_outputs.choice=[cat]"], "structured_outputs", #"{"choice":["cat"]}"#),
        ])
    func ofAnswers(arguments: [String], key: String, value: String) async throws {
        let (nobody, spare) = (ClosedPort(), try VLLMSimulator())
        let plan = TwoProviders(main: "base_url: \"\(nobody.baseURL)\"", spare: url(spare))
        let run = try await plan.run(["run", "--json", "--endpoint", "chat"] + arguments + [Self.question])
        #expect(try run.json()["provider"] == "spare")
        #expect(spare.requests.last { $0.path == Self.answers }?.json?[key]?.text == value)
    }

    @Test("an answer of another provider has the form that was asked for")
    func form() async throws {
        let (nobody, spare) = (ClosedPort(), try VLLMSimulator())
        let plan = TwoProviders(main: "base_url: \"\(nobody.baseURL)\"", spare: url(spare))
        let run = try await plan.run(["run", "-q", "--choice", "cat", "--choice", "dog", Self.question])
        #expect(run.output == "cat\n")
        #expect(run.code == 0)
    }

    @Test("in a chat it holds for the provider that is chosen there, and /set counts more")
    func inChat() async throws {
        let (main, spare) = (try VLLMSimulator(), try VLLMSimulator())
        let run = try await TwoProviders(main: url(main), spare: url(spare)).run(
            ["chat", "--endpoint", "chat", "--set", "top_k=7"],
            input: "\(Self.question)\n/provider spare\n\(Self.question)\n/set top_k=8\n\(Self.question)\n/set top_k=\n\(Self.question)\n")
        #expect(run.code == 0)
        let sent = [main, spare].map { $0.requests.filter { $0.path == Self.answers }.map { $0.json?["top_k"]?.int } }
        #expect(sent == [[7], [7, 8, 7]])
    }

    @Test("what it says of a server, and header fields, which may be credentials, are for the provider that is asked first")
    func ofServers() async throws {
        let (nobody, spare) = (ClosedPort(), try VLLMSimulator())
        let plan = TwoProviders(main: "base_url: \"\(nobody.baseURL)\"", spare: url(spare))
        let run = try await plan.run([
            "run", "--json", "--set", "api_key=planted-1", "--set", "headers={X-Account: planted-2}", Self.question,
        ])
        #expect(try run.json()["provider"] == "spare")
        #expect(!spare.requests.isEmpty)
        #expect(spare.requests.allSatisfy { request in !request.headers.contains { $0.value.contains("planted") } })
    }

    @Test("config show has the values of the command line in the providers that they are for")
    func configShow() async throws {
        let plan = TwoProviders(main: "base_url: \"http://main:1\"", spare: "base_url: \"http://spare:1\"")
        let run = try await plan.run(
            ["config", "show", "--provider", "spare", "--set", "max_tokens=7", "--set", "context_window=9", "--json"])
        let shown = try run.json()["plan"]?["providers"]?.array?.map {
            [$0["config"]?["max_tokens"]?.int, $0["config"]?["context_window"]?.int]
        }
        #expect(shown == [[7, 9], [7, nil]])
    }

    @Test("of several providers the environment does not say which it means: it counts where the plan is silent")
    func environment() async throws {
        let plan = TwoProviders(main: "base_url: \"http://main:1\"", spare: "max_tokens: 5")
        let run = try await plan.run(["config", "show", "--json"], environment: ["VLLM_BASE_URL": "http://environment:1"])
        let shown = try run.json()["plan"]?["providers"]?.array?.map { $0["config"]?["base_url"]?.string }
        #expect(shown == ["http://environment:1", "http://main:1"])
    }

    @Test("VLLM_API_KEY goes to no server that the plan names: not to the first, nor to the one that answers in its place")
    func keyOfPlan() async throws {
        let (busy, spare) = (
            try VLLMSimulator(options: .init(respond: { _ in .json(["error": "busy"], status: 503) })), try VLLMSimulator()
        )
        let plan = TwoProviders(main: url(busy), spare: url(spare))
        let run = try await plan.run(["run", "--json", Self.question], environment: ["VLLM_API_KEY": "planted-key-1"])
        #expect(try run.json()["provider"] == "spare")
        #expect(Set((busy.requests + spare.requests).map { $0.header("Authorization") }) == ["Bearer EMPTY"])
    }

    @Test(
        "VLLM_API_KEY goes where the plan writes it, and to the server that the environment or the command line names",
        arguments: ["api_key", "VLLM_BASE_URL", "${VLLM_BASE_URL}", "--base-url"])
    func keyOfEnvironment(way: String) async throws {
        let (server, other) = (try VLLMSimulator(), ClosedPort())
        let main =
            switch way {
            case "api_key": url(server) + ", api_key: \"${VLLM_API_KEY}\""
            case "${VLLM_BASE_URL}": "base_url: \"${VLLM_BASE_URL}\""
            case "VLLM_BASE_URL": "max_tokens: 50"
            default: "base_url: \"\(other.baseURL)\""
            }
        let plan = TwoProviders(main: main, spare: "base_url: \"\(other.baseURL)\"")
        let run = try await plan.run(
            ["run", "--json", Self.question] + (way == "--base-url" ? [way, server.baseURL] : []),
            environment: ["VLLM_API_KEY": "planted-key-1", "VLLM_BASE_URL": way == "api_key" ? other.baseURL : server.baseURL])
        #expect(try run.json()["provider"] == "main")
        #expect(server.requests.last?.header("Authorization") == "Bearer planted-key-1")
    }
}
