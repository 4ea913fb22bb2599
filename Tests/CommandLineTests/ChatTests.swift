import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMSimulator

@testable import vllm_host

@Suite("vllm-host chat")
struct ChatTests {
    @Test(
        "a line is a prompt or a command",
        arguments: [
            ("", .nothing), ("  ", .nothing), ("Hi /quit", .prompt("Hi /quit")), ("/quit", .quit), ("/exit ", .quit), ("/help", .help),
            ("/log", .log), ("/new", .new), ("/system", .system(nil)), ("/system  Be brief. ", .system("Be brief. ")),
            ("/set a=b c", .setting(.option("a=b c"))), ("/set", .setting(.option(nil))), ("/model x", .setting(.model("x"))),
            ("/image a b.png", .setting(.image("a b.png"))), ("/etc/hosts is what?", .prompt("/etc/hosts is what?")),
            (" /me waves", .prompt(" /me waves")),
        ] as [(String, ChatLine)])
    func lines(line: String, meaning: ChatLine) throws {
        #expect(try ChatLine(line) == meaning)
    }

    /// Types lines; returns what came, and the bodies of the requests for answers.
    private func chat(_ lines: [String], _ arguments: [String] = []) async throws -> (run: HostProcess, sent: [JSONValue]) {
        let simulator = try VLLMSimulator()
        let run = try await withTemporaryDirectory { home in
            try writeFile(home + "/a.jpg", [0xFF, 0xD8, 0xFF, 0xE0])
            return try await HostProcess.run(
                ["chat", "--base-url", simulator.baseURL, "--endpoint", "chat", "-t", "0"] + arguments,
                input: lines.joined(separator: "\n") + "\n", home: home)
        }
        return (run, simulator.requests.filter { $0.path == "/v1/chat/completions" }.compactMap(\.json))
    }

    @Test("/system changes the system message of a conversation that goes on")
    func system() async throws {
        let (run, sent) = try await chat(["Hello!", "/system You are a pirate.", "/system", "/new", "Hello!"])
        #expect(run.output == "Hello! How can I help you today?\nAhoy, matey!\n")
        #expect(run.errors.contains("You are a pirate.\n"))
        #expect(sent.last?["messages"]?[0] == ["role": "system", "content": "You are a pirate."])
    }

    @Test("/set changes how later answers are generated, shows what is set, and takes it back")
    func set() async throws {
        let (run, sent) = try await chat(
            ["/set top_k=3", "/set stop=[a, b]", "/set", "Hi", "/set top_k=", "/set", "Hi"], ["--top-k", "9"])
        #expect(run.errors.contains("top_k=3\nstop=[\"a\",\"b\"]\n"))
        #expect(sent.map { $0["top_k"]?.int } == [3, 9])
        #expect(sent.allSatisfy { $0["stop"] == ["a", "b"] })
    }

    @Test("/set takes every option of a call, those of the command line included")
    func setCallOptions() async throws {
        let (run, sent) = try await chat(
            ["/set repair_tool_calls=true", "/set continuation=2", "/set timeout=60", "Hi", "/set use_streaming=true", "Hi"],
            ["--no-stream"])
        #expect(!run.errors.contains("/set:"))
        #expect(sent.map { $0["stream"]?.bool ?? false } == [false, true])
    }

    @Test("a picture's file may be gone when the next prompt is asked; a file URL names one, too")
    func pictureOfTheMoment() throws {
        try withTemporaryDirectory { home in
            try writeFile(home + "/a.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0])
            let image = try ImageInput.block("file://\(home)/a.png")
            #expect(image == .image(ImageBlock(source: ["type": "base64", "media_type": "image/png", "data": "iVBORw0KGgoAAA=="])))
        }
    }

    @Test("/model asks another model, /image sends a picture with the next prompt alone")
    func modelAndImage() async throws {
        let (_, sent) = try await chat(["Hi", "/model tiny", "/image http://127.0.0.1:1/a.png", "What is it?", "Hi"])
        #expect(sent.first?["model"]?.string != "tiny")
        let second = try #require(sent.dropFirst().first)
        #expect(second["model"] == "tiny")
        #expect(second["messages"]?.array?.last?["content"]?[1]?["type"] == "image_url")
    }

    @Test(
        "what is wrong with a command is said, and the chat goes on",
        arguments: [
            ("/nonsense", "there is no command /nonsense; /help lists them"), ("/nonsense x", "there is no command /nonsense"),
            ("/set temprature=1", "/set: temprature is no setting of an answer; did you mean temperature?"),
            ("/set temperature=5", "/set: temperature: expected a number between 0 and 2, found \"5\""),
            ("/set base_url=x", "/set: base_url is no setting of an answer"), ("/set x", "there is no '='"),
            ("/image", "/image needs a file or URL"), ("/image no.png", "no.png: there is no such file"),
        ])
    func errors(line: String, message: String) async throws {
        let (run, _) = try await chat([line, "Hi"])
        #expect(run.errors.contains(message))
        #expect(run.output == "Hi there!\n")
        #expect(run.code == 0)
    }

    @Test("chat has tools, too")
    func tools() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            var tool = Dialogue.tools.first { $0["function"]?["name"] == "get_time" } ?? [:]
            tool["command"] = ["echo", "12:34"]
            try writeFile(home + "/time.json", JSONValue.object(tool).text.utf8)
            let run = try await HostProcess.run(
                ["chat", "--base-url", simulator.baseURL, "-t", "0", "--tool", "time.json"], input: "What time is it?\n", home: home)
            #expect(run.output == "It is 12:34.\n")
        }
    }
}
