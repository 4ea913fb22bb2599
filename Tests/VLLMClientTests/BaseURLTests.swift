import Testing
import VLLMClient

@Suite("A base URL")
struct BaseURLTests {
    @Test(
        "is read as people write it",
        arguments: [
            ("http://localhost:8000", "http://localhost:8000"),
            ("http://localhost:8000/", "http://localhost:8000"),
            ("http://localhost:8000///", "http://localhost:8000"),
            ("http://localhost:8000/v1", "http://localhost:8000"),
            ("http://localhost:8000/v1/", "http://localhost:8000"),
            ("http://localhost:8000//v1//", "http://localhost:8000"),
            ("  http://localhost:8000/v1\n", "http://localhost:8000"),
            ("HTTPS://Example.com", "https://Example.com"),
            ("https://example.com/models/llama/v1", "https://example.com/models/llama"),
            ("https://example.com/models/llama/", "https://example.com/models/llama"),
            ("https://example.com/v1/llama", "https://example.com/v1/llama"),
            ("https://example.com/v10", "https://example.com/v10"),
            ("https://example.com/a%20b/v1", "https://example.com/a%20b"),
            ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000"),
            ("http://[::1]:8000/v1", "http://[::1]:8000"),
            ("http://[2001:db8::7]", "http://[2001:db8::7]"),
            ("http://[fe80::1%25eth0]:8000", "http://[fe80::1%25eth0]:8000"),
            ("http://gpu_box.local:1", "http://gpu_box.local:1"),
            ("http://h:65535", "http://h:65535"),
        ])
    func accepted(text: String, root: String) throws {
        let url = try BaseURL(text)
        #expect(url.root == root)
        #expect(url.description == root)
        #expect(url.url(for: "/v1/chat/completions") == root + "/v1/chat/completions")
        #expect(url.url(for: "/health") == root + "/health")
    }

    @Test("does not differ by what does not matter")
    func equality() throws {
        #expect(try BaseURL("http://h:1/v1/") == BaseURL("http://h:1"))
        #expect(try BaseURL("http://h:1") != BaseURL("http://h:2"))
    }

    @Test(
        "that cannot be used is refused with what to write instead",
        arguments: [
            ("", "the base URL is empty: write http://HOST:PORT, for example http://localhost:8000"),
            (" \n", "the base URL is empty: write http://HOST:PORT, for example http://localhost:8000"),
            ("localhost:8000", "localhost:8000 has no scheme: write http://localhost:8000"),
            ("example.com/v1", "example.com/v1 has no scheme: write http://example.com/v1"),
            ("ftp://host", #"ftp://host has the scheme "ftp": only http:// and https:// can be used"#),
            ("unix:///run/vllm.sock", #"unix:///run/vllm.sock has the scheme "unix": only http:// and https:// can be used"#),
            ("http://", "http:// names no host: write http://HOST:PORT"),
            ("http:///v1", "http:///v1 names no host: write http://HOST:PORT"),
            ("http://:8000", "http://:8000 names no host: write http://HOST:PORT"),
            ("http://host:", #"http://host: has the port "": a port is a number from 1 to 65535"#),
            ("http://host:0", #"http://host:0 has the port "0": a port is a number from 1 to 65535"#),
            ("http://host:65536", #"http://host:65536 has the port "65536": a port is a number from 1 to 65535"#),
            ("http://host:80a", #"http://host:80a has the port "80a": a port is a number from 1 to 65535"#),
            ("http://host:-1", #"http://host:-1 has the port "-1": a port is a number from 1 to 65535"#),
            ("http://::1:8000", "http://::1:8000 has an IPv6 address without brackets: write it as http://[::1]:8000"),
            ("http://[::1", "http://[::1 has a [ without its ]"),
            ("http://[::g]", "http://[::g]: [::g] is not an IPv6 address: write it as http://[::1]:8000"),
            ("http://[::1]8000", "http://[::1]8000: [::1] is not followed by a port: write http://[::1]:8000"),
            ("http://ho$t", "http://ho$t: ho$t is not a host name"),
            ("http://host/v1?key=secret", "http://host/v1 is followed by a query (?…): a base URL has none, leave it out"),
            ("http://host/#top", "http://host/ is followed by a fragment (#…): a base URL has none, leave it out"),
            ("http://me:secret@host", "the base URL holds credentials (user:password@): leave them out and set the API key instead"),
            ("me:secret@host:8000", "…@host:8000 has no scheme: write http://HOST:PORT"),
            ("http://host/v1/chat/completions", "http://host/v1/chat/completions is the URL of one call: leave out /chat/completions"),
            ("http://host/v1/models/", "http://host/v1/models/ is the URL of one call: leave out /models"),
            ("http://my host", #""http://my host" holds white space or a control character, which a URL must not: percent-encode it"#),
            ("http://höst", #""http://höst" holds a character outside ASCII, which a URL must not: percent-encode it"#),
            ("http://host/{id}", #""http://host/{id}" holds {, which a URL must not: percent-encode it"#),
        ])
    func refused(text: String, message: String) {
        let error = #expect(throws: InvalidBaseURL.self) { try BaseURL(text) }
        #expect(error?.description == message)
        #expect(error?.description.contains("secret") == false)
    }
}
