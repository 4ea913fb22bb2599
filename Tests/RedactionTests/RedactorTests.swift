import JSON
import Redaction
import Testing

@Suite("Redaction")
struct RedactorTests {
    private let mark: JSONValue = "[REDACTED]"

    @Test(
        "the values of keys that name secrets are taken out, however the key is spelled",
        arguments: [
            "api_key", "apikey", "api-key", "API_KEY", "apiKey", "x-api-key", "X-Api-Key", "VLLM_API_KEY", "openai.api.key", "api_keys",
            "secret", "client_secret", "clientSecret", "password", "db_password", "passwd", "passphrase", "access_token", "accessToken",
            "refresh-token", "auth_token", "X-Auth-Token", "hf_token", "HF_TOKEN", "github_token", "credential", "credentials",
            "private_key",
            "privatekey", "aws_secret_access_key", "authorization", "Authorization", "Proxy-Authorization", "auth", "basic_auth", "cookie",
            "Set-Cookie", "bearer", "X-Vault-Token", "X-Token", "x-token", "X-Some-Vendor-Token", "Ocp-Apim-Subscription-Key", "X-Auth-Key",
            "x-functions-key", "aws_access_key", "signing_key", "vault_token",
        ])
    func secretKeys(key: String) {
        let values: [JSONValue] = ["value", 12345, ["a", "b"], ["user": "u", "pass": "p"]]
        for value in values {
            #expect(Redactor().redact([key: value, "other": "stays"] as JSONObject) == [key: mark, "other": "stays"])
        }
    }

    @Test("a secret is found wherever it stands in a text", arguments: 0..<20)
    func places(before: Int) {
        let lead = String(repeating: "x", count: before) + " "
        let redactor = Redactor(secrets: ["topsecret-42", "onlysmallletters"])
        for secret in [
            "Bearer ABC1", "Basic dXNlcjpwYXNz", "sk-ABCDEFGH1", "hf_ABCDEFGHIJKLMNOP1", "api_key=abc123", "?key=abcdefgh", "topsecret-42",
            "onlysmallletters",
        ] {
            let redacted = redactor.redact(lead + secret + " and more of it")
            #expect(redacted.hasPrefix(lead) && redacted.hasSuffix("[REDACTED] and more of it"), "\(secret)")
        }
        #expect(redactor.redact(lead + "://u:p@host") == lead + "://u:[REDACTED]@host")
        #expect(redactor.redact(lead + "\"password\": \"p\"") == lead + "\"password\": \"[REDACTED]\"")
    }

    @Test("nothing is hidden where there is nothing to hide", arguments: ["api_key", "password", "auth"])
    func emptyValues(key: String) {
        for value in [.null, true, false, "", [], [:]] as [JSONValue] {
            #expect(Redactor().redact([key: value] as JSONObject) == [key: value])
        }
    }

    @Test(
        "keys that merely sound like secrets keep their values",
        arguments: [
            "max_tokens", "token_ids", "prompt_tokens", "tokens", "completion_tokens", "reasoning_tokens", "stop_token_ids", "eos_token",
            "first_token", "tokenizer", "num_tokens_per_second", "author", "authority", "keys", "key", "monkey", "keyboard", "max_token",
            "credential_env_vars", "api_key_file", "secretary", "authenticated", "passwordless", "cookies_accepted", "user_token",
            "x_token_count", "X-Tokens", "X-Tokenizer", "max-token", "prompt_token", "cache_key", "sort-key", "xtoken",
        ])
    func otherKeys(key: String) {
        let members: JSONObject = [key: "value", "nested": [[key: 7]]]
        #expect(Redactor().redact(members) == members)
    }

    @Test(
        "among header fields every token and key is a secret",
        arguments: [
            "X-Vault-Token", "Vault-Token", "token", "Key", "X-Auth-Key", "Some-Key", "Api-Key", "Authorization", "Cookie", "hf_token",
        ])
    func secretHeaders(name: String) {
        let redactor = Redactor()
        for container in ["headers", "Headers"] {
            #expect(redactor.redact([container: [name: "v", "n": 1]] as JSONObject) == [container: [name: mark, "n": 1]])
            #expect(redactor.redact([container: [name: 17]] as JSONObject) == [container: [name: mark]])
        }
        #expect(redactor.redact("v", ofHeader: name) == "[REDACTED]")
        #expect(redactor.redact("", ofHeader: name) == "")
    }

    @Test(
        "other header fields stay, but for credentials in their values",
        arguments: ["Accept", "X-Max-Tokens", "Content-Type", "X-Author", "X-Request-Id", "Monkey", "Keep-Alive", "Tokens"])
    func otherHeaders(name: String) {
        let fields: JSONObject = ["headers": [name: "value"]]
        #expect(Redactor().redact(fields) == fields)
        #expect(Redactor(secrets: ["topsecret"]).redact("a topsecret", ofHeader: name) == "a [REDACTED]")
        #expect(Redactor().redact("Bearer abc1", ofHeader: name) == "Bearer [REDACTED]")
    }

    @Test("the token of a log-probability stays, a token that is a credential goes")
    func tokens() {
        let logprobs: JSONValue = [
            "content": [
                [
                    "token": "secretsecret", "logprob": -0.1, "bytes": .null,
                    "top_logprobs": [["token": "passwordpassword", "logprob": -2.5]],
                ],
                ["token": " Paris", "rank": 1],
            ],
            "top_logprobs": [[" secret": -0.5, "password": -1e-05, "auth": 0.0]],
        ]
        #expect(Redactor().redact(logprobs) == logprobs)
        #expect(Redactor().redact(["token": "a1b2c3d4e5f6"] as JSONValue) == ["token": mark])
        #expect(Redactor().redact(["token": " the", "text": "a token"] as JSONValue) == ["token": " the", "text": "a token"])
    }

    @Test("the parameters of a tool may be called like secrets")
    func schemas() {
        let tool: JSONValue = [
            "parameters": [
                "type": "object", "required": ["password"],
                "properties": ["password": ["type": "string", "description": "the password"], "api_key": ["type": "string"]],
            ]
        ]
        #expect(Redactor().redact(tool) == tool)
        // … but what is inside such a parameter is judged as everywhere.
        let leaking: JSONValue = ["properties": ["login": ["password": "hunter2"]]]
        #expect(Redactor().redact(leaking) == ["properties": ["login": ["password": mark]]])
    }

    @Test(
        "credentials inside text are taken out and the text around them stays",
        arguments: [
            ("Authorization: Bearer abc", "Authorization: Bearer [REDACTED]"),
            ("authorization: Basic dXNlcjpwYXNz\r\nAccept: */*", "authorization: Basic [REDACTED]\r\nAccept: */*"),
            ("curl -H 'Authorization: Bearer eyJ0.eyJ1-_.x+/=' http://h", "curl -H 'Authorization: Bearer [REDACTED]' http://h"),
            ("sent Bearer abc123 twice", "sent Bearer [REDACTED] twice"),
            ("Bearer xyz", "Bearer [REDACTED]"),
            ("bearer  xYz", "bearer  [REDACTED]"),
            ("key sk-proj-abcDEF123_456-x is wrong", "key [REDACTED] is wrong"),
            ("(sk-abcdefgh1)", "([REDACTED])"),
            ("hf_AbCdEfGhIjKlMnOpQrSt", "[REDACTED]"),
            ("ghp_0123456789abcdefghij!", "[REDACTED]!"),
            ("https://user:pass@host/path?x=1", "https://user:[REDACTED]@host/path?x=1"),
            ("see https://hf-pass@host/x", "see https://[REDACTED]@host/x"), ("http://pw:@host", "http://[REDACTED]:@host"),
            ("http://u:p%40:q@[::1]:8000/v1 and http://host:80/", "http://u:[REDACTED]@[::1]:8000/v1 and http://host:80/"),
            ("GET /v1?api_key=abc&x=1", "GET /v1?api_key=[REDACTED]&x=1"),
            ("/v1?x=1&access_token=abc#top", "/v1?x=1&access_token=[REDACTED]#top"),
            (#"{"model":"m","api_key":"abc","n":1}"#, #"{"model":"m","api_key":"[REDACTED]","n":1}"#),
            (#"{\"api_key\": \"a\\\"b\", \"n\": 1}"#, #"{\"api_key\": \"[REDACTED]\", \"n\": 1}"#),
            (#"{'password' : 'x', "password": "üöä"}"#, #"{'password' : 'x', "password": "[REDACTED]"}"#),
            (#"{"secret":"a\"b","n":1}"#, #"{"secret":"[REDACTED]","n":1}"#),
            (#"cut inside "api_key":"abcdef"#, #"cut inside "api_key":"[REDACTED]"#),
            ("x-api-key: abc123", "x-api-key: [REDACTED]"),
            ("api_key: abc123, model: m", "api_key: [REDACTED], model: m"),
            ("Cookie: session=abc; theme=dark\nHost: h", "Cookie: [REDACTED]\nHost: h"),
            ("COOKIE: session=abc; theme=dark", "COOKIE: [REDACTED]"), ("passphrase: hunter22", "passphrase: [REDACTED]"),
            ("X-Vault-Token: hvs.abc123", "X-Vault-Token: [REDACTED]"),
            ("VLLM_API_KEY=token-abc123 vllm serve", "VLLM_API_KEY=[REDACTED] vllm serve"),
            (#"OpenAI(api_key="token-abc123")"#, #"OpenAI(api_key="[REDACTED]")"#),
            ("日本 Bearer abc1 語", "日本 Bearer [REDACTED] 語"),
            ("proxy sent Basic dXNlcjpwYXNz twice", "proxy sent Basic [REDACTED] twice"), ("basic dTpw", "basic [REDACTED]"),
            (
                #"{"m":"a\nBasic dXNlcjpwYXNz\tBearer abc1\nX-Vault-Token: hvs.abc123\r\nsk-abcdefgh1"}"#,
                #"{"m":"a\nBasic [REDACTED]\tBearer [REDACTED]\nX-Vault-Token: [REDACTED]\r\n[REDACTED]"}"#
            ),
            ("https://h/x?key=AIzaSy-12345&alt=json", "https://h/x?key=[REDACTED]&alt=json"), ("?token=abcdefgh", "?token=[REDACTED]"),
            ("https://s3/x.png?X-Amz-Expires=9&X-Amz-Signature=0a1b2c3d4e", "https://s3/x.png?X-Amz-Expires=9&X-Amz-Signature=[REDACTED]"),
            ("https://blob/x?sv=2024&sig=aB%2Bc1234%3D", "https://blob/x?sv=2024&sig=[REDACTED]"),
        ])
    func text(text: String, expected: String) {
        #expect(Redactor().redact(text) == expected)
        #expect(Redactor().redact(expected) == expected, "once redacted, a text stays as it is")
    }

    @Test(
        "ordinary text stays as it is",
        arguments: [
            "", "2+2 is 4.", "max_tokens=1024", "the bearer of bad news", "Use Bearer authentication.", "a Bearer token is sent",
            "Forbearer 123", "task-oriented risk-free disk-based", "sk-learn-style-names", "hf_overrides hf_config_overrides_dictionary",
            "password: required", "The password: it must be long", "api_key = os.environ", "api_key=api_key", "api_key=\"EMPTY\"",
            "http://127.0.0.1:8000/v1", "http://@host", "https://host/@x", "ssh://git@host/x.git", "user@host.example", "mail: a:b@c",
            "http://host/a:b@c", "ratio 1:2 = x", "author: J. Doe",
            "token: hello123", "\"token\": \"hello123\"", "a cookie: sweet and small", "tokens: 12345678", "Bearer ", "Bearer", "=:-_b",
            "Basic authentication", "a basic training", "Basic dXNlcg==", "the basic level:", "?key=name&sort_key=creation_date",
            "?token=5",
            "?page_token=abcdefghij", "&keys=abcdefghij", "monkey?monkey=abcdefghij", "signature=abcdefghij",
            "secret:", "auth=", "?auth=", "\"secret\":", "\"secret\":\"\"", "://", "a://:@",
        ])
    func ordinaryText(text: String) {
        #expect(Redactor().redact(text) == text)
    }

    @Test("a known secret goes wherever it stands, also as a part, in keys and inside JSON within a string")
    func knownSecrets() {
        let redactor = Redactor(secrets: ["token-abc", "token-abc-longer", "quo\"te\\d1"])
        #expect(redactor.redact("xtoken-abcx token-abc-longer token-abtoken-abc") == "x[REDACTED]x [REDACTED] token-ab[REDACTED]")
        #expect(redactor.redact(["a token-abc": ["token-abc"], "b": 1] as JSONValue) == ["a [REDACTED]": [mark], "b": 1])
        #expect(redactor.redact(#"{"x":"quo\"te\\d1"}"#) == #"{"x":"[REDACTED]"}"#)
    }

    @Test("a known secret goes in the spellings of JSON, URLs and HTML, too")
    func spellings() {
        let redactor = Redactor(secrets: [#"p&<"'s/1 x"#])
        let spelled = [
            #"p&<"'s/1 x"#, #"p&<\"'s/1 x"#, #"p&<\"'s\/1 x"#, "p%26%3C%22%27s%2F1%20x", "p%26%3c%22%27s%2f1%20x",
            "p&amp;&lt;&quot;&#x27;s/1 x", "p&amp;&lt;&#34;&#39;s/1 x", "p&amp;&lt;&quot;&#39;s/1 x", "p&amp;&lt;&quot;&#039;s/1 x",
        ]
        for text in spelled { #expect(redactor.redact("a\(text)b") == "a[REDACTED]b") }
    }

    @Test(
        "a URL may lack its scheme",
        arguments: [
            ("u:pw@proxy:3128", "u:[REDACTED]@proxy:3128"), ("http://u:pw@proxy", "http://u:[REDACTED]@proxy"),
            ("socks5h://u:pw@proxy", "socks5h://u:[REDACTED]@proxy"), ("proxy:3128", "proxy:3128"), ("", ""),
        ])
    func urls(url: String, expected: String) {
        #expect(Redactor().redact(url: url) == expected)
    }

    @Test(
        "the secrets of header fields and URLs are found one by one",
        arguments: [
            ("Authorization", "Bearer key-1", ["key-1"]), ("authorization", "key-1", ["key-1"]), ("X-Api-Key", "key-1", ["key-1"]),
            ("Proxy-Authorization", "Basic dXNlcjpwYXNz", ["dXNlcjpwYXNz", "pass"]), ("X-Team", "blue", []),
            ("X-Forwarded", "Bearer key-1", ["key-1"]), ("X-Forwarded", "Basic dXNlcjpwYXNz", ["dXNlcjpwYXNz", "pass"]),
            ("Cookie", "a=1; b=word", ["a=1; b=word", "a=1", "1", "b=word"]),
        ])
    func headerSecrets(name: String, value: String, secrets: [String]) {
        #expect(Redactor.secrets(in: value, ofHeader: name) == secrets)
    }

    @Test("the password of a URL is found as it is written and as it is meant")
    func urlSecrets() {
        #expect(Redactor.secrets(inURL: "http://u:a%40b%zz@h:1/") == ["a%40b%zz", "a@b%zz"])
        #expect(Redactor.secrets(inURL: "u:pw@h") == ["pw", "pw"])
        #expect(Redactor.secrets(inURL: "http://h:1/") == [])
    }

    @Test("values too common to be searched for are left alone", arguments: ["", "EMPTY", "empty", "abc", "12345"])
    func commonSecrets(secret: String) {
        #expect(Redactor(secrets: [secret]).redact("EMPTY empty abc 12345") == "EMPTY empty abc 12345")
    }

    @Test("order of members, numbers and everything else survive around what is taken out")
    func surroundings() throws {
        let before: JSONValue = ["z": 1.0, "a": ["n": .null, "api_key": "x", "b": [true, "Bearer abc1", 2]], "m": "end"]
        let after: JSONValue = ["z": 1.0, "a": ["n": .null, "api_key": mark, "b": [true, "Bearer [REDACTED]", 2]], "m": "end"]
        #expect(Redactor().redact(before).text == after.text)
    }

    @Test(
        "hostile text takes time in proportion to its length",
        arguments: [
            "sk-", "auth:", "cookie:", "Bearer ", "\"auth\":\"", "\"auth\":", "?auth=", "auth=", "a://", "://:", "http://", "https://a@",
            "Basic ", "basic dTpw", "?key=", "&sig=", "?x=", "?key=a&",
            "\\", "\\\"", "=", "-",
            "b",
            "\"password\":\"\\", "a-",
        ])
    func hostile(piece: String) {
        let text = String(repeating: piece, count: 60_000 / piece.utf8.count)
        let clock = ContinuousClock()
        let took = clock.measure { _ = Redactor(secrets: ["aaaaaab"]).redact(text) }
        // In a debug build a quadratic search would take minutes, and this takes about a second at most.
        #expect(took < .seconds(20))
    }
}
