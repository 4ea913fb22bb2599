import Configuration
import JSON
import Testing

@Suite("Showing the effective configuration")
struct ShowingTests {
    @Test("each value stands with where it came from; defaults and environment variables are filled in; secrets are masked")
    func annotated() throws {
        let environment = ["VLLM_BASE_URL": "http://me:secret@host:1", "VLLM_API_KEY": "sk-123"]
        let reader = ConfigurationReader(environment: environment)
        let node = reader.expandingEnvironment(
            try parse(
                """
                session: {orchestrator: loop-basic, context: context-simple}
                providers:
                  - module: provider-vllm
                    config:
                      base_url: ${VLLM_BASE_URL}
                      stop: ["a b", "no"]
                      extra_body: {}
                      hf_token: abc
                """)
        ).node
        var issues: [ConfigurationIssue] = []
        let plan = MountPlan(node, issues: &issues).applying([try ConfigurationOverride(parsing: "priority=5")])
        let schema = ConfigurationSchema(
            name: "provider-vllm",
            fields: ["base_url", "api_key", "max_tokens", "priority", "stop", "extra_body"].compactMap { providerSchema[$0] })
        let shown = plan.effective(schemas: ["provider-vllm": schema], environment: environment).maskingSecrets(keys: schema.secretKeys)
        #expect(
            shown.annotatedYAML == """
                session:
                  orchestrator: loop-basic                     # plan.yaml:1
                  context: context-simple                      # plan.yaml:1
                providers:
                  - module: provider-vllm                      # plan.yaml:3
                    config:
                      base_url: "http://me:[REDACTED]@host:1"  # environment variable VLLM_BASE_URL
                      api_key: "[REDACTED]"                    # environment variable VLLM_API_KEY
                      max_tokens: 1024                         # default
                      priority: 5                              # --set
                      stop:
                        - a b                                  # plan.yaml:6
                        - "no"                                 # plan.yaml:6
                      extra_body: {}                           # plan.yaml:7
                      hf_token: "[REDACTED]"                   # plan.yaml:8

                """)
        let json = shown.annotatedJSON
        #expect(json["plan"]?["providers"]?[0]?["config"]?["max_tokens"] == 1024)
        #expect(json["origins"]?["providers[0].config.base_url"] == "environment variable VLLM_BASE_URL")
        let everything = shown.annotatedYAML + json.text
        #expect(!everything.contains("secret@") && !everything.contains("sk-123") && !everything.contains("abc"))
    }

    @Test(
        "keys whose name says that they hold a secret are masked, others are not",
        arguments: [
            ("api_key", true), ("API-KEY", true), ("apiKey", true), ("X-Api-Key", true), ("Authorization", true), ("password", true),
            ("client_secret", true), ("hf_token", true), ("token", true), ("credentials", true), ("private_key", true), ("cookie", true),
            ("max_tokens", false), ("thinking_token_budget", false), ("return_token_ids", false), ("key", false), ("monkey", false),
            ("author", false), ("token_ids", false), ("tokens", false), ("eos_token", false), ("X-Vault-Token", true), ("X-Auth-Key", true),
            ("Ocp-Apim-Subscription-Key", true), ("X-Token", true), ("access_key", true), ("max_token", false),
        ])
    func secretNames(_ key: String, _ isSecret: Bool) throws {
        let shown = try parse("\(key): [value, {a: value}]\n").maskingSecrets().annotatedYAML
        #expect(shown.contains("value") == !isSecret)
    }

    @Test("header fields whose names look secret are masked, the others are shown")
    func headers() throws {
        let shown = try parse(
            "providers: [{config: {headers: {X-Vault-Token: v1, Some-Key: v2, token: v3, X-Team: team, X-Max-Tokens: 10}, key: k}}]\n"
        ).maskingSecrets()
        let config = shown["providers"]?[0]?["config"]?.json
        let mask = JSONValue.string("[REDACTED]")
        let headers: JSONValue = ["X-Vault-Token": mask, "Some-Key": mask, "token": mask, "X-Team": "team", "X-Max-Tokens": 10]
        #expect(config == ["headers": headers, "key": "k"])
    }

    @Test(
        "secrets inside of values are masked",
        arguments: [
            ("https://user:pw@host/x", "https://user:[REDACTED]@host/x"), ("https://pw@host", "https://[REDACTED]@host"),
            ("https://host/a@b", "https://host/a@b"), ("Bearer pw", "Bearer [REDACTED]"),
            ("https://a:p@w@host:1?q", "https://a:[REDACTED]@host:1?q"),
        ])
    func secretValues(_ text: String, _ masked: String) throws {
        let node = ConfigurationNode(json: .string(text), origin: .program("test")).maskingSecrets()
        #expect(node.string == masked)
    }

    @Test("the password of a proxy is masked without a scheme, too, and mail addresses elsewhere stay")
    func proxy() throws {
        let shown = try parse("config: {proxy: 'me:pw@proxy:3128', contact: 'mail:me@host'}\n").maskingSecrets()
        #expect(shown["config"]?.json == ["proxy": "me:[REDACTED]@proxy:3128", "contact": "mail:me@host"])
    }

    private static let texts: [String] = [
        "plain", "two words", "", " lead", "trail ", "a: b", "a #b", "#", "yes", "null", "~", "1", "1.5", "0x1F", "-", "- a", "?", "@x",
        "`x`", "%x", "!x", "&x", "*x", "[a]", "{a}", "a,b", "\"q\"", "it's", "back\\slash", "line\nline\n", "tab\t", "\u{85}", "\u{2028}",
        "\u{FEFF}", "\u{7F}", "\u{0}", "é漢🙂", "---", "...", "<<", ":", "a:", "http://h:1/?a=b&c#d", "=", "|", ">",
    ]
    private static let others: [JSONValue] = [
        .null, true, false, 0, -7, 1.5, 1e-05, [], .object([:]), [[1, [2]], [.object([:]), []]],
        ["a": ["b": [1, ["c": .null]]], "x y": [["k": 1, "l": 2]]], ["<<": 1, "null": 2, "1": 3, "a: b": 4, "~": 5],
    ]

    @Test("what is shown reads back as the same values", arguments: texts.map { .string($0) } + others)
    func roundTrip(_ value: JSONValue) throws {
        // A list and a mapping around the value show it in both places.
        let json: JSONValue = ["key": value, "list": [value, ["inner": value]]]
        let shown = ConfigurationNode(json: json, origin: .program("a\nb")).annotatedYAML
        let back = try parse(shown).json
        #expect(back == json, "\(shown)")
    }
}
