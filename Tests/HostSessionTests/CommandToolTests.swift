import Configuration
import HostSession
import JSON
import ProviderKit
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Tools that are commands", .timeLimit(.minutes(1)))
struct CommandToolTests {
    private static func tool(_ script: String, timeout: Double = 60) throws -> CommandTool {
        let definition: JSONValue = ["name": "t", "command": ["sh", "-c", .string(script), "t"], "timeout": .double(timeout)]
        return try CommandTool(definition: definition, file: "t.json")
    }

    private static func failure(_ script: String, timeout: Double = 60) async throws -> String {
        let tool = try tool(script, timeout: timeout)
        let error = await #expect(throws: (any Error).self) { try await tool.run([:]) }
        return error.map { "\($0)" } ?? ""
    }

    @Test(
        "standard output is the result: JSON where it is JSON, else text without its last line break",
        arguments: [
            (#"echo '{"n": 1.50}'"#, #"{"n":1.50}"#), ("echo 42", "42"), ("printf 'a\\nb\\n\\n'", #""a\nb\n""#), ("true", #""""#),
            (#"echo '"quoted"'"#, #""quoted""#), ("echo noise >&2; echo 1", "1"),
        ])
    func output(script: String, result: String) async throws {
        let output = try await Self.tool(script).run([:])
        #expect(output.text == result)
    }

    @Test("the arguments are JSON on standard input, and no shell reads them")
    func arguments() async throws {
        let arguments: JSONObject = ["path": "$(rm -rf x); `date` \"é\"", "n": 2]
        let output = try await Self.tool("cat").run(arguments)
        #expect(output == .object(arguments))
    }

    @Test("arguments that the command does not read, or not all of, do no harm")
    func unreadInput() async throws {
        let large: JSONObject = ["text": .string(String(repeating: "x", count: 1 << 20))]
        #expect(try await Self.tool("exec <&-; echo 1").run(large) == 1)
        #expect(try await Self.tool("head -c 3 | wc -c").run(large) == 3)
    }

    @Test("large arguments and a large output pass at the same time")
    func both() async throws {
        let text = String(repeating: "0123456789", count: 60_000)
        let output = try await Self.tool("cat").run(["text": .string(text)])
        #expect(output["text"]?.string == text)
    }

    @Test(
        "what goes wrong is said, with the end of standard error",
        arguments: [
            ("echo out; echo no such city >&2; exit 3", "exit code 3: no such city"), ("exit 1", "exit code 1"),
            ("kill -KILL $$", "ended by signal 9"), ("printf '\\377'", "the output is not UTF-8 text"),
            ("head -c 2000000 /dev/zero | tr '\\0' x", "the output is larger than 1024 KiB"),
        ])
    func failures(script: String, message: String) async throws {
        #expect(try await Self.failure(script) == message)
    }

    @Test("of a long standard error the end is told")
    func longErrors() async throws {
        let message = try await Self.failure("i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done >&2; exit 1")
        #expect(message.hasSuffix("\nline 2999"))
        #expect(message.hasPrefix("exit code 1: (the end of standard error) …"))
        #expect(message.count < 500)
    }

    @Test(
        "a command whose time is up is ended, and all that it has started; one that ignores SIGTERM, too",
        arguments: ["", "trap '' TERM; "])
    func timeout(prefix: String) async throws {
        try await withTemporaryDirectory { folder in
            let pipe = try NamedPipe(folder + "/pipe")
            let script = "\(prefix)exec 3> \(pipe.path); sh -c 'sleep 600; true' & wait; wait"
            #expect(try await Self.failure(script, timeout: 0.5) == "no result after 0.5 seconds")
            pipe.waitForWritersToEnd()
        }
    }

    @Test("a prompt that is cancelled ends its tools' commands, and all that they have started")
    func cancellation() async throws {
        try await withTemporaryDirectory { root in
            let pipe = try NamedPipe(root + "/pipe")
            let tool = try Self.tool("exec 3> \(pipe.path); sleep 600 & wait")
            let provider = ScriptedProvider([.calls([ToolCall(id: "a", name: "t", arguments: [:])]), .text("done")])
            let session = try Host(root, provider).session(tools: [tool])
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            let task = Task { try await session.execute("Go.") { if case .toolStarted = $0 { start.yield() } } }
            for await _ in started { break }
            task.cancel()
            let error = await #expect(throws: ProviderError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            pipe.waitForWritersToEnd()
        }
    }

    @Test("a process that is left in the background does not hold the result up")
    func background() async throws {
        try await withTemporaryDirectory { folder in
            let tool = try Self.tool("sleep 600 & echo $! > \(folder)/pid; echo done")
            #expect(try await tool.run([:]) == "done")
            let text = String(decoding: try fileBytes(folder + "/pid"), as: UTF8.self)
            if let process = pid_t(text.filter(\.isNumber)) { kill(process, SIGKILL) }
        }
    }

    @Test("many commands at once get their own input's end, and only that")
    func parallel() async throws {
        let tool = try Self.tool("cat")
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...20 { group.addTask { try await tool.run(["n": .integer(number)])["n"]?.int ?? 0 } }
            return try await group.reduce(0, +)
        }
        #expect(sum == 210)
    }

    @Test("a tool may be in OpenAI's shape, with the command beside the function")
    func openAI() throws {
        let definition: JSONValue = [
            "type": "function", "command": ["true"], "timeout": "2m",
            "function": ["name": "f", "description": "d", "strict": true, "parameters": ["type": "object"]],
        ]
        let tool = try CommandTool(definition: definition, file: "f.json")
        #expect(tool.spec == ToolSpec(name: "f", parameters: ["type": "object"], description: "d"))
        #expect(tool.timeout == .seconds(120))
        #expect(tool.command == ["true"])
    }

    @Test("a tool may be in the shape of OpenAI's Responses API")
    func flat() throws {
        let definition: JSONValue = [
            "type": "function", "name": "f", "strict": true, "parameters": ["type": "object"], "command": ["true"],
        ]
        #expect(try CommandTool(definition: definition, file: "f.json").spec == ToolSpec(name: "f", parameters: ["type": "object"]))
    }

    @Test(
        "a definition that is wrong is an error with file and key",
        arguments: [
            (#"{"command": ["true"]}"#, "t.json: error: name: the tool has no name (set `name`)"),
            (#"{"name": "t"}"#, "t.json: error: command: the tool has no command (set `command`)"),
            (#"{"name": "t", "command": []}"#, "t.json: error: command: names no program (such as [python3, weather.py])"),
            (
                #"{"name": "t", "command": ["no-such-program-here"]}"#,
                #"t.json: error: command: there is no program "no-such-program-here" (give its path, or a name that PATH has)"#
            ),
            (
                #"{"name": "t", "command": ["./nope"]}"#,
                #"t.json: error: command: there is no program "./nope" (check the path, and that it may be executed)"#
            ),
            (#"{"name": "t", "comand": ["true"], "command": ["true"]}"#, "t.json: error: comand: unknown key (did you mean `command`?)"),
            (#"{"name": "t", "command": ["true"], "parameters": 3}"#, "t.json: error: parameters: expected a mapping, found \"3\""),
            ("[]", "t.json: error: expected a mapping, found a list (write `key: value` lines below it)"),
        ])
    func definitions(json: String, message: String) throws {
        let definition = try JSONValue(parsing: json)
        let error = #expect(throws: ConfigurationError.self) { try CommandTool(definition: definition, file: "t.json") }
        #expect(error?.issues.map(\.description).contains(message) == true, "\(error?.issues.map(\.description) ?? [])")
    }

    @Test("a mount plan may have such tools, and two of one name are an error")
    func planned() async throws {
        try await withTemporaryDirectory { root in
            let entry = "{module: tool-command, instance_id: ID, config: {name: clock, command: [echo, '12:34']}}"
            let provider = ScriptedProvider([.calls([ToolCall(id: "a", name: "clock", arguments: [:])]), .text("done")])
            let host = Host(root, provider)
            let session = try host.session("tools: [\(entry)]\n" + Host.plan)
            _ = try await session.execute("What time is it?")
            #expect(provider.requests.last?.messages.last?.content.plainText == "12:34")
            let twice = "tools: [\(entry.replacing("ID", with: "a")), \(entry.replacing("ID", with: "b"))]\n" + Host.plan
            let recorder = try host.recorder(id: "session-2")
            let error = try #require(throws: HostError.self) { _ = try host.session(twice, recorder: recorder) }
            #expect(error.code == .duplicateTool)
            #expect(error.description.hasSuffix("tools[1]: there are two tools named \"clock\" (give one another name)"))
        }
    }
}

/// A pipe in the file system that tells when the last of those who hold its other end has ended.
private struct NamedPipe {
    let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        mkfifo(path, 0o600)
        descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        try #require(descriptor >= 0)
    }

    func waitForWritersToEnd() {
        _ = fcntl(descriptor, F_SETFL, 0)
        var byte: UInt8 = 0
        #expect(read(descriptor, &byte, 1) == 0)
        close(descriptor)
    }
}
