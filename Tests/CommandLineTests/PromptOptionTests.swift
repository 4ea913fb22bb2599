import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMSimulator

@testable import vllm_host

@Suite("What goes with a prompt")
struct PromptOptionTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]

    private func dryRun(_ arguments: [String], home: String) async throws -> HostProcess {
        try await HostProcess.run(
            ["run", "--base-url", "http://h:1", "--endpoint", "chat", "--dry-run", "Hi"] + arguments, home: home)
    }

    @Test("a system message comes from the command line or from a file", arguments: ["text", "file"])
    func system(source: String) async throws {
        try await withTemporaryDirectory { home in
            try writeFile(home + "/system.txt", "You are a pirate.".utf8)
            let option = source == "text" ? ["-s", "You are a pirate."] : ["--system-file", "system.txt"]
            let run = try await dryRun(option, home: home)
            let messages = try run.json()[0]?["body"]?["messages"]
            #expect(messages == [["role": "system", "content": "You are a pirate."], ["role": "user", "content": "Hi"]])
        }
    }

    @Test("the model answers as the system message says")
    func pirate() async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(
                ["run", "--simulator", "-q", "-t", "0", "--system", "You are a pirate.", "Hello!"], home: home)
            #expect(run.output == "Ahoy, matey!\n")
        }
    }

    @Test("pictures stand behind the text, in their order")
    func images() async throws {
        try await withTemporaryDirectory { home in
            let run = try await dryRun(["--image", "https://h/a.png", "--image", "HTTP://h/b.png"], home: home)
            let content = try run.json()[0]?["body"]?["messages"]?[0]?["content"]
            #expect(
                content == [
                    ["type": "text", "text": "Hi"], ["type": "image_url", "image_url": ["url": "https://h/a.png"]],
                    ["type": "image_url", "image_url": ["url": "HTTP://h/b.png"]],
                ])
        }
    }

    @Test("a picture in a file is sent in the request, whatever folder it is in")
    func fileIsSent() async throws {
        try await withTemporaryDirectory { home in
            try writeFile(home + "/a b.png", Self.png)
            let run = try await dryRun(["--image", "a b.png"], home: home)
            let url = try run.json()[0]?["body"]?["messages"]?[0]?["content"]?[1]?["image_url"]?["url"]
            #expect(url == "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==")
        }
    }

    @Test(
        "what cannot be used is said before anything is sent, with the file's name",
        arguments: [
            (["--image", "no.png"], 66, "no.png: there is no such file"),
            (["--image", "text.png"], 65, "text.png: the file text.png does not begin as a file of the type image does"),
            (["--image", "."], 65, ".: cannot be read: Is a directory"),
            (["--system-file", "no.txt"], 66, "no.txt: there is no such file"),
            (["--system-file", "bad.txt"], 65, "bad.txt is not UTF-8 text"),
            (["--system-file", "text.png", "-s", "x"], 64, "`--system` and `--system-file` exclude each other"),
        ])
    func errors(arguments: [String], code: Int32, message: String) async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            try writeFile(home + "/text.png", "no picture".utf8)
            try writeFile(home + "/bad.txt", [0xFF, 0xFE])
            let run = try await HostProcess.run(["run", "--base-url", simulator.baseURL, "Hi"] + arguments, home: home)
            #expect(run.code == code)
            #expect(run.errors.contains(message))
        }
        #expect(simulator.requests.isEmpty)
    }
}
