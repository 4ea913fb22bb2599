import Foundation
import JSON
import TestSupport
import Testing
import VLLMSimulator

/// Every secret that these tests plant has `planted` in it, so that one search finds all of them.
@Suite("vllm-host shows no secret", .timeLimit(.minutes(5)))
struct SecretTests {
    private static let secrets = [
        "PLAN_KEY": "key-planted-1", "PLAN_HEADER": "header/planted+2", "PLAN_COOKIE": "session=planted-3; theme=dark",
        "PLAN_BEARER": "Bearer planted-4", "PLAN_PROXY": "me:planted%2D5", "PLAN_BASIC": "Basic bWU6cGFzcy1wbGFudGVkLTY=",
        // A tool may ask for these: they are held by variables that the plan does not name.
        "WRAPPED": "prefix header/planted+2 suffix", "OTHER": "harmless",
    ]

    /// How a server, or what is before it, repeats what it was sent.
    enum Echo: String, CaseIterable, Sendable {
        case jsonError, textError, nestedJSON, htmlPage, redirect, headers, firstEvent, laterEvent, notAStream, notJSON, urls

        func response(_ request: SimulatedRequest) -> SimulatedResponse {
            let heard = request.headers.filter { $0.name.lowercased() != "host" }
            let lines = heard.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
            let values = heard.map(\.value).joined(separator: " | ") + " pass-planted-6"
            let all: JSONValue = .string(lines + "\n" + values)
            let chunk = #"{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Once"},"finish_reason":null}]}"#
            let error = (["error": ["message": all, "type": .string(values), "code": 500]] as JSONValue).text
            switch self {
            case .jsonError:
                return .json(["error": ["message": all, "type": "BadRequestError", "param": .string(values), "code": 400]], status: 400)
            case .textError: return .text(lines + "\n" + values, status: 403)
            case .nestedJSON:
                let members = JSONObject(heard.map { ($0.name, JSONValue.string($0.value)) })
                return .json(["detail": .string(JSONValue.object(["headers": .object(members)]).text)], status: 422)
            case .htmlPage: return .text("<html><title>\(values)</title><body>\(lines)</body></html>", status: 400, type: "text/html")
            case .redirect:
                return SimulatedResponse(
                    status: 307, headers: [("location", "http://elsewhere.invalid/?api_key=\(Echo.query(values))")], parts: [])
            case .headers:
                let fields = heard.map { ("x-echo-\($0.name.lowercased())", $0.value) }
                return SimulatedResponse(
                    status: 400,
                    headers: fields + [("x-request-id", "planted-4"), ("set-cookie", "session=planted-7"), ("retry-after", "planted-4")],
                    parts: [.bytes(Array("no".utf8))])
            case .firstEvent: return .events([error])
            case .laterEvent: return .events([chunk, error])
            case .notAStream: return .text(lines, type: "text/plain")
            case .notJSON: return .events([chunk, "{\"x\": \(values)"])
            case .urls: return .text("GET http://me:planted%2D5@h/?key=\(Echo.query(values))&token=planted-8-planted", status: 400)
            }
        }

        private static func query(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
    }

    private static func plan(_ address: String, _ authorization: String) -> String {
        """
        session: {orchestrator: loop-streaming, context: context-simple}
        hooks: [{module: hooks-logging, config: {exclude_events: []}}]
        providers:
          - module: provider-vllm
            config:
              base_url: http://vllm.invalid:8000
              proxy: http://${PLAN_PROXY}@\(address)
              default_model: tiny-chat
              \(authorization)
              use_completions: false
              max_retries: 0
              debug: true
              raw_debug: true
              headers: {X-Api-Key: "${PLAN_HEADER}", Cookie: "${PLAN_COOKIE}", X-Upstream: "${PLAN_BEARER}", X-Basic: "${PLAN_BASIC}"}
        """
    }

    /// A key that is known from the beginning, and one that nobody knows when a call begins.
    private static let keys: [(authorization: String, commands: [[String]])] = [
        ("api_key: '${PLAN_KEY}'", [["run"], ["run", "--json", "--no-stream"], ["models"]]),
        ("api_key_command: printenv PLAN_KEY", [["run"]]),
    ]

    @Test(
        "whatever the server repeats is in no output and no file, at the most talkative settings", arguments: Echo.allCases,
        keys.indices)
    func echoes(echo: Echo, key: Int) async throws {
        // The provider's proxy: it is told everything, and the server behind it is never looked up.
        let simulator = try VLLMSimulator(options: VLLMSimulator.Options(respond: { echo.response($0) }))
        try await withTemporaryDirectory { home in
            let address = String(simulator.baseURL.dropFirst("http://".count))
            try writeFile(home + "/plan.yaml", Self.plan(address, Self.keys[key].authorization).utf8)
            for command in Self.keys[key].commands {
                let prompt = command[0] == "run" ? ["Hi"] : []
                let run = try await HostProcess.run(command + ["-c", "plan.yaml"] + prompt, environment: Self.secrets, home: home)
                #expect(run.code != 0)
                #expect(!Self.holdsSecret(run.output), "standard output of \(command): \(run.output)")
                #expect(!Self.holdsSecret(run.errors), "standard error of \(command): \(run.errors)")
                #expect(try Self.filesWithSecrets(in: home) == [])
            }
        }
        let sent = simulator.requests.first { $0.method == "POST" }
        #expect(sent?.header("authorization") == "Bearer key-planted-1")
        #expect(sent?.header("proxy-authorization") == "Basic bWU6cGxhbnRlZC01")
    }

    @Test("what is shown of a plan has no secret, and neither has a request that is only planned")
    func shown() async throws {
        try await withTemporaryDirectory { home in
            try writeFile(home + "/plan.yaml", Self.plan("127.0.0.1:1", "api_key: '${PLAN_KEY}'").utf8)
            let commands = [
                ["config", "show", "plan.yaml"], ["config", "show", "--json", "plan.yaml"], ["config", "check", "plan.yaml"],
                ["config", "show", "plan.yaml", "--set", "headers=Bearer planted-8", "--set", "proxy=me:planted-9@h:1"],
                ["config", "show", "plan.yaml", "--set", "api_key_command=curl -H 'Authorization: Bearer planted-8' http://u:planted@h"],
                ["run", "--dry-run", "-c", "plan.yaml", "Hi"], ["run", "--curl", "-c", "plan.yaml", "Hi"],
                ["run", "--max-retries", "0", "--set", "headers=Authorization: Bearer planted-8", "Hi"],
                ["run", "--max-retries", "0", "--base-url", "http://me:planted-8@h", "Hi"],
                ["run", "--max-retries", "0", "--base-url", "http://h", "--set", "proxy=u:planted-8@%", "Hi"],
            ]
            for arguments in commands {
                let run = try await HostProcess.run(arguments, environment: Self.secrets, home: home)
                #expect(!run.output.isEmpty || !run.errors.isEmpty)
                #expect(!Self.holdsSecret(run.output), "standard output of \(arguments): \(run.output)")
                #expect(!Self.holdsSecret(run.errors), "standard error of \(arguments): \(run.errors)")
                #expect(try Self.filesWithSecrets(in: home) == [])
            }
        }
    }

    @Test("a tool's command gets no variable that holds a secret of the plan, whatever its name, and gets all others")
    func tools() async throws {
        let simulator = try VLLMSimulator(options: VLLMSimulator.Options(apiKey: "key-planted-1"))
        try await withTemporaryDirectory { home in
            let script = #"echo "$PLAN_KEY,$PLAN_HEADER,$WRAPPED,$VLLM_API_KEY,$OTHER""#
            let tool: JSONValue = ["name": "get_weather", "command": ["sh", "-c", .string(script)]]
            try writeFile(home + "/weather.json", tool.text.utf8)
            let plan = """
                providers: [{module: provider-vllm, config: {base_url: "\(simulator.baseURL)", api_key: "${PLAN_KEY}", \
                headers: {X-Api-Key: "${PLAN_HEADER}"}}}]
                """
            try writeFile(home + "/plan.yaml", plan.utf8)
            let run = try await HostProcess.run(
                ["run", "-c", "plan.yaml", "-t", "0", "--tool", "weather.json", "What is the weather in Paris?"],
                environment: Self.secrets.merging(["VLLM_API_KEY": "unused-1"]) { $1 }, home: home)
            #expect(run.errors.contains("← ,,,,harmless\n"))
        }
    }

    @Test("a key of ~/.netrc goes to nobody, and no file is written with the keys of TLS connections")
    func curlFiles() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            try writeFile(home + "/.netrc", "default login me password planted-9\n".utf8)
            let tls = simulator.baseURL.replacingOccurrences(of: "http://", with: "https://")
            for address in [simulator.baseURL, tls] {
                let run = try await HostProcess.run(
                    ["models", "--base-url", address, "--set", "max_retries=0"],
                    environment: ["SSLKEYLOGFILE": home + "/tls.keys", "NETRC": home + "/.netrc", "CURL_HOME": home], home: home)
                #expect(run.code == (address == tls ? 69 : 0))
            }
            #expect(!FileManager.default.fileExists(atPath: home + "/tls.keys"))
        }
        #expect(simulator.requests.allSatisfy { $0.header("authorization") == "Bearer EMPTY" })
        #expect(!simulator.requests.isEmpty)
    }

    @Test("event logs are the user's alone, whatever the umask", arguments: ["000", "022", "277"])
    func modes(umask: String) async throws {
        try await withTemporaryDirectory { home in
            let command =
                "umask \(umask); '\(HostProcess.binary)' run --simulator -q 'What is 2+2?'; find .amplifier -type f -printf '%m %f\\n' | sort"
            let run = try await HostProcess.shell(command + "; find .amplifier -type d -printf '%m\\n' | sort -u", home: home)
            #expect(run.output == "4\n600 events.jsonl\n600 events.lock\n600 metadata.json\n600 transcript.jsonl\n700\n")
        }
    }

    @Test("a crash leaves no core file, unless that is asked for")
    func coreFiles() async throws {
        try await withTemporaryDirectory { home in
            let tool: JSONValue = ["name": "get_weather", "command": ["sh", "-c", "ulimit -c"]]
            try writeFile(home + "/weather.json", tool.text.utf8)
            let question = "run --simulator -t 0 --tool weather.json 'What is the weather in Paris?' 2>&1 | grep ←"
            let host = "'\(HostProcess.binary)' \(question)"
            let run = try await HostProcess.shell(
                "ulimit -S -c $(ulimit -H -c); ulimit -c; \(host); VLLM_HOST_CORE_DUMPS=1 \(host)", home: home)
            let lines = run.output.split(separator: "\n").map(String.init)
            #expect(lines.count == 3)
            #expect(lines.dropFirst() == ["← 0", "← \(lines.first == "unlimited" ? "unlimited" : lines.first ?? "")"])
        }
    }

    private static func holdsSecret(_ text: String) -> Bool {
        // The latter is base64 of the proxy's user and password.
        text.lowercased().contains("planted") || text.contains("bWU6cGxhbnRlZC01")
    }

    /// The files that hold a secret. The plan holds none: what it names is in the environment.
    private static func filesWithSecrets(in folder: String) throws -> [String] {
        let names = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
        #expect(names.contains("plan.yaml"))
        return names.filter { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").map { Self.holdsSecret(String(decoding: $0, as: UTF8.self)) } ?? false
        }
    }
}
