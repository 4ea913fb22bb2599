import Configuration
import Foundation
import HTTPTransport
import JSON
import Locks
import ProviderKit
import TestSupport
import Testing
import VLLMProvider

@Suite("api_key_file", .timeLimit(.minutes(1)))
struct KeyFileTests {
    @Test(
        "the key is what the file holds, without the white space around it",
        arguments: ["key-planted-1", "key-planted-1\n", "key-planted-1\r\n", "\n  key-planted-1 \n\n"])
    func contents(text: String) async throws {
        try await withTemporaryDirectory { folder in
            let path = try keyFile(folder, text)
            let (provider, server) = try VLLMProvider.reading(["api_key_file": .string(path)], accepted: { ["key-planted-1"] })
            #expect(server.requests.isEmpty)
            #expect(try await provider.ask("Hi").text == "Hi.")
            #expect(server.keys == ["Bearer key-planted-1"])
        }
    }

    @Test("the file is not read before the first request, and ~/ is the home folder")
    func home() async throws {
        try await withTemporaryDirectory { folder in
            let server = try VLLMProvider.reading([:], accepted: { ["key-planted-1"] }).server
            let configuration: JSONObject = ["base_url": "http://server:8000", "api_key_file": "~/key", "use_completions": false]
            let provider = try VLLMProvider(
                configuration: ConfigurationNode(json: .object(configuration), origin: .default), transport: server,
                context: ProviderContext(environment: ["HOME": folder]))
            _ = try keyFile(folder, "key-planted-1")
            #expect(try await provider.listModels().map(\.id) == ["m"])
        }
    }

    @Test(
        "what is no key is an error of the configuration that names the file and shows nothing of it",
        arguments: [
            ("", "is empty"), (" \n", "is empty"), ("planted 1", "holds a line break, white space or a character outside ASCII"),
            ("planted-1\nplanted-2\n", "holds a line break"), ("plänted", "outside ASCII"),
            (String(repeating: "planted", count: 20_000), "is larger than 65536 bytes"),
        ])
    func unusable(text: String, problem: String) async throws {
        try await withTemporaryDirectory { folder in
            let path = try keyFile(folder, text)
            let (provider, server) = try VLLMProvider.reading(["api_key_file": .string(path)], accepted: { [] })
            let error = try #require(await provider.failure())
            #expect(error.code == .configuration)
            #expect(!error.isRetryable)
            #expect(error.message.hasPrefix("there is no API key: api_key_file: \(path) "))
            #expect(error.message.contains(problem))
            #expect(!error.json.text.contains("nted"))
            #expect(server.requests.isEmpty)
        }
    }

    @Test("a file that is not there, a folder and a pipe are said to be what they are, at once")
    func otherFiles() async throws {
        try await withTemporaryDirectory { folder in
            mkfifo(folder + "/pipe", 0o600)
            for (path, message) in [
                (folder + "/none", "there is no file \(folder)/none"), (folder, "\(folder) is no regular file"),
                (folder + "/pipe", "\(folder)/pipe is no regular file"), ("~/key", "~/key is in the home folder, and HOME is not set"),
            ] {
                let provider = try VLLMProvider.reading(["api_key_file": .string(path)], accepted: { [] }).provider
                let error = await provider.failure()
                #expect(error?.code == .configuration)
                #expect(error?.message.contains("api_key_file: \(message)") == true)
                #expect(error?.hint == "check api_key_file")
            }
        }
    }

    @Test("a file that others may read is warned of, once", arguments: [(0o600, false), (0o400, false), (0o640, true), (0o604, true)])
    func permissions(mode: Int, isWarned: Bool) async throws {
        try await withTemporaryDirectory { folder in
            let path = try keyFile(folder, "key-planted-1", mode: mode)
            let events = EventCollector()
            let provider = try VLLMProvider.reading(
                ["api_key_file": .string(path)], accepted: { ["key-planted-1"] }, events: events
            ).provider
            for _ in 0..<2 { _ = try await provider.ask("Hi") }
            let warnings = events.named("provider:warning").compactMap { $0["message"]?.string }
            let text =
                "others than the owner may read or change \(path), in which the API key is (mode \(String(mode, radix: 8))): chmod 600"
            #expect(warnings == (isWarned ? [text] : []))
        }
    }

    @Test("a key that is renewed is read when the server refuses the old one, and the call goes on")
    func renewal() async throws {
        try await withTemporaryDirectory { folder in
            let path = try keyFile(folder, "key-planted-1")
            let accepted = Guarded<Set<String>>(["key-planted-1"])
            let (provider, server) = try VLLMProvider.reading(
                ["api_key_file": .string(path)], accepted: { accepted.withLock { $0 } })
            _ = try await provider.ask("Hi")
            _ = try keyFile(folder, "key-planted-2")
            // As long as the old key is good, the file is left alone.
            _ = try await provider.ask("Hi")
            #expect(server.keys == ["Bearer key-planted-1", "Bearer key-planted-1"])
            accepted.withLock { $0 = ["key-planted-2"] }
            #expect(try await provider.ask("Hi").text == "Hi.")
            #expect(try await provider.ask("Hi").text == "Hi.")
            #expect(server.keys.dropFirst(2) == ["Bearer key-planted-1", "Bearer key-planted-2", "Bearer key-planted-2"])
        }
    }

    @Test("a key that the server refuses and that is still the same is sent once")
    func refused() async throws {
        try await withTemporaryDirectory { folder in
            let path = try keyFile(folder, "key-planted-1")
            let events = EventCollector()
            let (provider, server) = try VLLMProvider.reading(
                ["api_key_file": .string(path), "debug": true, "raw_debug": true], accepted: { [] }, events: events)
            let error = try #require(await provider.failure("My key is key-planted-1."))
            #expect(error.code == .authentication)
            #expect(error.hint == "check api_key_file")
            #expect(server.keys == ["Bearer key-planted-1"])
            #expect(error.message.contains("Unauthorized: [REDACTED]"))
            // The server repeats the key, which nobody knew when the call began.
            var dumped = ""
            dump(error, to: &dumped)
            #expect(!"\(dumped) \(error.json.text) \(events.text)".contains("planted"))
        }
    }

    @Test("of several calls at once that meet with an old key, each goes on")
    func concurrentRenewal() async throws {
        try await withTemporaryDirectory { folder in
            let path = try keyFile(folder, "key-planted-1")
            let accepted = Guarded<Set<String>>(["key-planted-1"])
            let provider = try VLLMProvider.reading(
                ["api_key_file": .string(path)], accepted: { accepted.withLock { $0 } }
            ).provider
            _ = try await provider.ask("Hi")
            _ = try keyFile(folder, "key-planted-2")
            accepted.withLock { $0 = ["key-planted-2"] }
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { try await provider.ask("Hi").text } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers == Array(repeating: "Hi.", count: 20))
        }
    }

    @Test("a header field of the configuration or of the call counts more, and the file is not even read")
    func ownHeader() async throws {
        let (provider, server) = try VLLMProvider.reading(
            ["api_key_file": "/no/such/file"], accepted: { ["key-planted-3"] })
        let answer = try await provider.ask("Hi", options: ["headers": ["Authorization": "Bearer key-planted-3"]])
        #expect(answer.text == "Hi.")
        #expect(server.keys == ["Bearer key-planted-3"])
    }

    @Test("a dry run shows that there is a key, and reads no file")
    func planned() throws {
        let provider = try VLLMProvider.reading(["api_key_file": "/no/such/file"], accepted: { [] }).provider
        let planned = try provider.plannedRequests(ChatRequest(messages: [.user("Hi")]))
        #expect(planned.first?.headers.first { $0.name == "Authorization" }?.value == "[REDACTED]")
    }
}

/// Writes a file of a key.
private func keyFile(_ folder: String, _ text: String, mode: Int = 0o600) throws -> String {
    let path = folder + "/key"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
}
