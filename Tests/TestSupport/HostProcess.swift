public import JSON

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A run of the built `vllm-host`, as a user would start it.
public struct HostProcess: Sendable {
    /// The exit code; 128 and the signal's number for a death by a signal.
    public var code: Int32
    /// What came on standard output.
    public var output: String
    /// What came on standard error.
    public var errors: String

    /// The output as JSON.
    public func json() throws -> JSONValue { try JSONValue(parsing: output) }

    /// The path of the event log that the run tells of.
    public var logPath: String? {
        if let json = try? JSONValue(parsing: output), let path = json["events"]?.string { return path }
        return errors.split { $0 == " " || $0 == "\n" }.last { $0.hasSuffix("/events.jsonl") }.map(String.init)
    }

    /// The records of the event log.
    public func events() throws -> [JSONValue] {
        guard let path = logPath else { return [] }
        return try fileText(path).split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    /// Runs `vllm-host` in a folder and a home of its own. When the task is cancelled, as at a test's time limit, the run is killed.
    /// - Parameters:
    ///   - onStart: is called with the process id.
    ///   - onOutput: is called once, with the process id, when something of standard output has arrived.
    public static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], home: String,
        onStart: (@Sendable (Int32) -> Void)? = nil, onOutput: (@Sendable (Int32) -> Void)? = nil
    ) async throws -> HostProcess {
        let run = try await run(
            program: binary, arguments, input: input, environment: environment, home: home, onStart: onStart, onOutput: onOutput)
        // Whatever a test is about, the log that its session has written is as it should be.
        if ["run", "chat"].contains(arguments.first), let log = run.logPath, log.hasPrefix(home), (try? fileBytes(log)) != nil {
            try EventSchema.check(log: log)
        }
        return run
    }

    /// Runs a shell command in a folder and a home of its own, and kills it when the task is cancelled.
    public static func shell(_ command: String, home: String) async throws -> HostProcess {
        try await run(program: "/bin/bash", ["-c", command], input: "", environment: [:], home: home, onStart: nil, onOutput: nil)
    }

    /// The program beside the test bundle.
    public static let binary: String = {
        let tests = (try? linkTarget("/proc/self/exe")) ?? CommandLine.arguments[0]
        return String(tests[..<(tests.lastIndex(of: "/") ?? tests.endIndex)]) + "/vllm-host"
    }()

    private static func run(
        program: String, _ arguments: [String], input: String, environment: [String: String], home: String,
        onStart: (@Sendable (Int32) -> Void)?, onOutput: (@Sendable (Int32) -> Void)?
    ) async throws -> HostProcess {
        let environment = ["HOME": home, "PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        let process = try SpawnedProcess(program, arguments, environment: environment, folder: home)
        onStart?(process.identifier)
        return await withTaskCancellationHandler {
            async let output = process.readOutput { onOutput?(process.identifier) }
            async let errors = process.readErrors()
            process.write(input)
            return HostProcess(code: await process.wait(), output: await output, errors: await errors)
        } onCancel: {
            process.kill()
        }
    }

    private static func linkTarget(_ path: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count)
        guard count > 0 else { throw SpawnError(call: "readlink", code: errno) }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
