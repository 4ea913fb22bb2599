import Checksum
import JSON
import ProviderKit
import SessionTimeline
import Testing
import Timestamps

@testable import SessionPage

@Suite("The page of a session")
struct SessionPageTests {
    /// A session with one prompt, a tool, a retry and an answer with probabilities.
    private func timeline(saying text: String = "In **Paris**", tool: String = "get_weather") -> SessionTimeline {
        var timeline = SessionTimeline()
        timeline.sessionID = "0a1b2c3d-4e5f"
        timeline.start = LogTimestamp(seconds: 1_763_000_000)
        var first = ProviderCall(requestID: "r1")
        first.model = "tiny-chat"
        first.status = .ok
        first.start = LogTimestamp(seconds: 1_763_000_001)
        first.duration = .seconds(2)
        first.timeToFirstToken = .milliseconds(300)
        var retry = ProviderCall.Retry(attempt: 1)
        retry.errorMessage = text
        first.retries = [retry]
        first.request = ["messages": [["role": "system", "content": .string("Be brief. " + text)]]]
        first.response = [
            "content": [
                ["type": "thinking", "thinking": .string("I think: " + text)], ["type": "text", "text": .string(text)],
                ["type": "tool_call", "id": "c1", "name": .string(tool), "input": ["city": .string(text)]],
            ],
            "logprobs": [["token": .string(text), "logprob": -2, "top_logprobs": [], "block_index": 1, "text_offset": 0]],
        ]
        var run = ToolRun(name: tool)
        run.callID = "c1"
        run.input = ["city": .string(text)]
        run.result = .string(text)
        var second = ProviderCall(requestID: "r2")
        second.status = .error
        second.failure = ProviderCall.Failure(type: "RateLimitError", message: text, statusCode: 429)
        var turn = PromptTurn()
        turn.prompt = text
        turn.steps = [.call(first), .tool(run), .call(second)]
        timeline.turns = [turn]
        timeline.notes = [SessionTimeline.Note(event: "provider:warning", message: text, isProblem: true)]
        timeline.metadata = ["name": .string(text), "description": .string(text)]
        timeline.skippedLines = [(3, text)]
        return timeline
    }

    @Test("it has the conversation, the figures, and where things went wrong")
    func contents() {
        let html = SessionPage(timeline()).html
        for part in [
            "<h3><a href=\"#prompt-1\">Prompt 1</a></h3>", "<summary>System prompt", "<summary>Reasoning",
            "<a href=\"#tool-1\">get_weather</a>",
            "id=\"tool-1\"", "In <strong>Paris</strong>", "<span class=\"t p4\" title=\"13.5%\tIn␣**Paris**\">", "Retry 1",
            "RateLimitError, HTTP 429",
            "first token", "300 ms", "provider:warning", "line 3: In **Paris**", "<rect class=\"wait\"",
        ] {
            #expect(html.contains(part), "\(part)")
        }
    }

    @Test("whatever a log says, the page has the elements that it would have otherwise, and one script")
    func hostile() {
        let attack = "</script></style></details><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u{202E}\u{0}"
        let names: (String) -> [Substring] = { html in
            html.split(separator: "<", omittingEmptySubsequences: false).map { $0.prefix { $0 != ">" && $0 != " " && $0 != "\n" } }
        }
        // Bold, and the badges of characters that work unseen, are the text's own.
        let expected = names(SessionPage(timeline(saying: "harmless", tool: "harmless")).html)
        let found = names(SessionPage(timeline(saying: attack, tool: attack)).html)
        #expect(found.filter { $0 != "b" && $0 != "/b" } == expected)
        #expect(found.count { $0 == "script" } == 1)
    }

    @Test("the policy allows the page's own script and style sheet, by their checksums, and nothing else")
    func policy() throws {
        let html = SessionPage(timeline()).html
        let policy = try #require(html.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)).1.replacing("&#39;", with: "'")
        for (tag, directive) in [("script", "script-src"), ("style", "style-src")] {
            let start = try #require(html.firstRange(of: "<\(tag)>")).upperBound
            let end = try #require(html[start...].firstRange(of: "</\(tag)>")).lowerBound
            let sum = try #require(SHA256())
            let isAdded = Array(html[start..<end].utf8).withUnsafeBytes { sum.add($0) }
            let digest = try #require(sum.base64Digest())
            #expect(isAdded)
            #expect(policy.contains("\(directive) 'sha256-\(digest)';"))
        }
        #expect(policy.hasPrefix("default-src 'none'; img-src data:;"))
        #expect(!policy.contains("unsafe"))
    }

    @Test(
        "pictures in the log are shown; others are named and not asked for",
        arguments: [
            (
                ["source": ["type": "base64", "media_type": "image/png", "data": "iVBORw0="]],
                "<img class=\"picture\" src=\"data:image/png;base64,iVBORw0=\""
            ),
            (["source": ["type": "url", "url": "https://example.org/a.png"]], "<a href=\"https://example.org/a.png\""),
            (["source": ["type": "url", "url": "javascript:alert(1)"]], "<code>javascript:alert(1)</code>"),
            (["source": ["type": "base64", "media_type": "image/svg+xml", "data": "PHN2Zz4="]], "of the type image/svg+xml"),
            (["source": ["type": "base64", "media_type": "image/png", "data": "\"><script>"]], "no base64"),
            (["source": ["type": "url", "url": "data:text/html;base64,PGI+"]], "<code>data:text/html"),
            (["image_url": ["url": "data:image/jpeg;base64,/9j/"]], "src=\"data:image/jpeg;base64,/9j/\""),
        ] as [(JSONValue, String)])
    func images(_ block: JSONValue, _ expected: String) throws {
        var html = HTMLWriter()
        html.image(try #require(PageImage(block)))
        #expect(html.html.contains(expected), "\(html.html)")
    }

    @Test("messages, names and tokens are cut like any text, the page says what is missing, and without a limit all is there")
    func limits() {
        let long = String(repeating: "long message ", count: 200)
        var timeline = timeline(saying: "short", tool: long)
        guard case .call(var first) = timeline.turns[0].steps[0], case .tool(var run) = timeline.turns[0].steps[1] else { return }
        first.model = long
        first.retries[0].errorMessage = long
        first.failure = ProviderCall.Failure(type: long, message: long, statusCode: nil)
        let token: JSONValue = ["token": "abc", "logprob": -2, "top_logprobs": [["token": .string(long), "logprob": -2]]]
        let tokens = JSONValue.array(Array(repeating: token, count: 300))
        first.response = ["content": [], "logprobs": tokens, "prompt_logprobs": tokens]
        run.error = long
        timeline.turns[0].steps = [.call(first), .tool(run)]
        timeline.notes = [SessionTimeline.Note(event: long, message: long, isProblem: true)]
        timeline.metadata = ["name": .string(long), "description": .string(long), "working_dir": .string(long)]
        timeline.skippedLines = [(3, long)]
        timeline.error = long
        var options = SessionPage.Options()
        options.textLimit = 400
        let html = Substring(SessionPage(timeline, options: options).html).utf8
        let longest = html.contains(String(repeating: "long message ", count: 100).utf8)
        #expect(!longest)
        #expect(html.ranges(of: "class=\"t p4\"".utf8).count < 210)
        #expect(html.contains("200 tokens more are in the log".utf8))
        options.textLimit = 0
        let whole = Substring(SessionPage(timeline, options: options).html).utf8
        #expect(whole.ranges(of: "class=\"t p4\"".utf8).count > 600)
        #expect(whole.contains(long.utf8) && !whole.contains("more are in the log".utf8))
    }

    @Test("requests and exchanges are in it only where they are asked for")
    func raw() {
        var timeline = timeline()
        guard case .call(var call) = timeline.turns[0].steps[0] else { return }
        call.exchanges = [["method": "POST", "path": "/v1/completions", "response": ["status": 200, "body": "data: secretive"]]]
        timeline.turns[0].steps[0] = .call(call)
        var options = SessionPage.Options()
        #expect(!SessionPage(timeline, options: options).html.contains("secretive"))
        options.includesRaw = true
        #expect(SessionPage(timeline, options: options).html.contains("data: secretive"))
    }

    @Test("a log without prompts shows what the user said in the requests, and an empty one says that it is")
    func noPrompts() {
        var call = ProviderCall(requestID: "r")
        call.request = [
            "messages": [
                ["role": "user", "content": "old question"], ["role": "assistant", "content": "old answer"],
                ["role": "user", "content": [["type": "text", "text": "new question"]]],
            ]
        ]
        var turn = PromptTurn()
        turn.steps = [.call(call)]
        var timeline = SessionTimeline()
        timeline.turns = [turn]
        let html = SessionPage(timeline).html
        #expect(html.contains("new question"))
        #expect(!html.contains("old question"))
        #expect(SessionPage(SessionTimeline()).html.contains("no prompt and no call"))
    }

    @Test(
        "a JSON of another shape than the contract's is shown as it is, and traps nothing",
        arguments: [
            ["content": "text"],
            ["content": [1, .null, "x", ["type": "text"], ["type": "tool_call"], ["type": 5], ["type": "image"], ["type": "new"]]],
            ["content": [["type": "text", "text": "a", "choice": 9_223_372_036_854_775_807]], "logprobs": [["token": 5], 7]],
            [
                "content": [["type": "text", "text": "a"]],
                "logprobs": [["token": "a", "logprob": 0, "block_index": -1, "text_offset": -9]],
            ],
            ["degradation": "x"], [], 5,
        ] as [JSONValue])
    func otherShapes(_ response: JSONValue) {
        var call = ProviderCall(requestID: nil)
        call.response = response
        call.duration = .seconds(Int64.max)
        call.timeToFirstToken = .seconds(Int64.min)
        call.start = LogTimestamp(seconds: .max)
        var turn = PromptTurn()
        turn.steps = [.call(call), .call(call)]
        var timeline = SessionTimeline()
        timeline.start = LogTimestamp(seconds: .min)
        timeline.turns = [turn]
        #expect(SessionPage(timeline).html.hasSuffix("</html>\n"))
    }
}
