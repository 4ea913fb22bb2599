import Configuration
import Foundation
import HTTPTransport
import JSON
import Locks
import ProviderKit
import TestSupport
import Testing

@testable import VLLMProvider

@Suite("api_key_command", .timeLimit(.minutes(1)))
struct KeyCommandTests {
    @Test(
        "the key is the first line that the command prints: a list is run as it is, a text by a shell",
        arguments: [
            ["printf", "key-planted-1\nsecond line"], "printf 'key-planted-%d\\n' 1", "echo noise >&2; echo '  key-planted-1 '",
            ["sh", "-c", "echo $0", "key-planted-1"],
        ] as [JSONValue])
    func output(command: JSONValue) async throws {
        let (provider, server) = try VLLMProvider.reading(["api_key_command": command], accepted: { ["key-planted-1"] })
        #expect(try await provider.ask("Hi").text == "Hi.")
        #expect(server.keys == ["Bearer key-planted-1"])
    }

    @Test("no shell reads a list")
    func list() async throws {
        let provider = try VLLMProvider.reading(["api_key_command": ["echo", "$(echo", "key)"]], accepted: { [] }).provider
        #expect(await provider.failure()?.message.contains("holds a line break, white space") == true)
    }

    @Test(
        "a command that fails is an error of the configuration that shows nothing of what it printed",
        arguments: [
            ("echo planted; echo planted >&2; exit 3", "the command failed with exit code 3"), ("kill -TERM $$", "ended by signal 15"),
            ("true", "the first line of its output is empty"), ("echo; echo planted", "the first line of its output is empty"),
            ("echo planted with spaces", "the first line of its output holds"), ("yes planted", "the command printed more than 64 KiB"),
        ])
    func failures(command: String, problem: String) async throws {
        let (provider, server) = try VLLMProvider.reading(["api_key_command": .string(command)], accepted: { [] })
        let error = try #require(await provider.failure())
        #expect(error.code == .configuration)
        #expect(error.message.hasPrefix("there is no API key: api_key_command: "))
        #expect(error.message.contains(problem))
        #expect(!error.json.text.contains("planted"))
        #expect(server.requests.isEmpty)
    }

    @Test("a program that there is not is named, without its arguments")
    func noProgram() async throws {
        let provider = try VLLMProvider.reading(["api_key_command": ["no-such-program", "planted"]], accepted: { [] }).provider
        let error = try #require(await provider.failure())
        #expect(error.message.contains("api_key_command: cannot run no-such-program: "))
        #expect(!error.json.text.contains("planted"))
    }

    @Test(
        "a command that does not end is ended, also one that never stops complaining",
        arguments: ["exec sleep 600", "for i in 1 2 3 4; do yes planted >&2 & done; wait"])
    func timeout(command: String) async throws {
        let reader = APIKeyReader(source: .command(["sh", "-c", command]), home: nil, timeout: .milliseconds(200))
        let error = await #expect(throws: APIKeyError.self) { _ = try await reader.read() }
        #expect(error?.description == "the command had printed no key after 0.2 s")
    }

    @Test("a call that is cancelled while the command runs ends, and so does the command")
    func cancellation() async throws {
        try await withTemporaryDirectory { folder in
            let command = "echo $$ > \(folder)/new && mv \(folder)/new \(folder)/process && exec sleep 600"
            let provider = try VLLMProvider.reading(["api_key_command": .string(command)], accepted: { [] }).provider
            let call = Task { await provider.failure() }
            var process: pid_t?
            while process == nil {
                await Task.yield()
                process = (try? String(contentsOfFile: folder + "/process", encoding: .utf8)).flatMap { pid_t($0.dropLast()) }
            }
            call.cancel()
            #expect(await call.value?.code == .cancelled)
            while kill(try #require(process), 0) == 0 { await Task.yield() }
        }
    }

    @Test("the command is run once for all calls, and again when the server refuses the key")
    func runs() async throws {
        try await withTemporaryDirectory { folder in
            let accepted = Guarded<Set<String>>(["key-1"])
            let command = "echo x >> \(folder)/runs; echo key-$(wc -l < \(folder)/runs)"
            let (provider, server) = try VLLMProvider.reading(
                ["api_key_command": .string(command)], accepted: { accepted.withLock { $0 } })
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<10 { group.addTask { _ = try? await provider.ask("Hi") } }
            }
            #expect(server.keys == Array(repeating: "Bearer key-1", count: 10))
            accepted.withLock { $0 = ["key-2"] }
            #expect(try await provider.ask("Hi").text == "Hi.")
            #expect(server.keys.suffix(2) == ["Bearer key-1", "Bearer key-2"])
            #expect(try fileText(folder + "/runs") == "x\nx\n")
        }
    }

    @Test("a key that is refused and still the same is not read with every refusal, but after a while again")
    func refusals() async throws {
        try await withTemporaryDirectory { folder in
            let clock = ManualClock()
            let provider = try VLLMProvider.reading(
                ["api_key_command": .string("echo x >> \(folder)/runs; echo key-1")], accepted: { [] }, clock: clock.clock
            ).provider
            func refusedCalls() async throws -> Int {
                for _ in 0..<3 { #expect(await provider.failure()?.code == .authentication) }
                return try fileText(folder + "/runs").count { $0 == "x" }
            }
            #expect(try await refusedCalls() == 2)
            clock.advance(by: .seconds(10))
            #expect(try await refusedCalls() == 3)
        }
    }

    @Test("when a refused key cannot be read again, the server's refusal is told")
    func unreadableAgain() async throws {
        try await withTemporaryDirectory { folder in
            let (provider, server) = try VLLMProvider.reading(
                ["api_key_command": .string("mkdir \(folder)/read && echo key-planted-1")], accepted: { [] })
            let error = try #require(await provider.failure())
            #expect(error.code == .authentication)
            #expect(error.message.contains("Unauthorized: [REDACTED]"))
            #expect(server.keys == ["Bearer key-planted-1"])
        }
    }

    @Test("neither making a provider nor checking its configuration runs the command")
    func making() async throws {
        try await withTemporaryDirectory { folder in
            let provider = try VLLMProvider.reading(["api_key_command": ["touch", .string(folder + "/ran")]], accepted: { [] }).provider
            _ = (provider.info, provider.modelInfo, try provider.plannedRequests(ChatRequest(messages: [.user("Hi")])))
            await provider.close()
            #expect(!FileManager.default.fileExists(atPath: folder + "/ran"))
        }
    }

    @Test("a list without a program is an error with its place", arguments: [[], [""]] as [JSONValue])
    func empty(command: JSONValue) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try VLLMProvider.reading(["api_key_command": command], accepted: { [] })
        }
        #expect(error?.issues.map(\.keyPath) == ["config.api_key_command"])
        #expect(error?.issues.first?.message == "names no program")
    }
}
