public import Foundation
public import JSON

/// A run of the built `vllm-host`, as a user would start it.
public struct HostProcess: Sendable {
    /// The exit status, or 128 and the number of the signal that ended it.
    public var code: Int32
    /// What it wrote to standard output.
    public var output: String
    /// What it wrote to standard error.
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
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    /// Runs the program in a folder and a home of its own.
    /// - Parameters:
    ///   - onOutput: is called once, with the process id, when something of standard output has arrived.
    public static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], home: String,
        onOutput: (@Sendable (Int32) -> Void)? = nil
    ) async throws -> HostProcess {
        let process = Process()
        process.executableURL = binary
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: home)
        process.environment = ["HOME": home, "PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        let ended = AsyncStream<Int32> { continuation in
            process.terminationHandler = { process in
                // A death by a signal is told as a shell tells it.
                continuation.yield(
                    process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus)
                continuation.finish()
            }
        }
        try process.run()
        let identifier = process.processIdentifier
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        async let output = read(stdout.fileHandleForReading) { onOutput?(identifier) }
        async let errors = read(stderr.fileHandleForReading) {}
        var code: Int32 = -1
        for await status in ended { code = status }
        return HostProcess(code: code, output: await output, errors: await errors)
    }

    /// The program beside the test bundle.
    public static let binary: URL = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("vllm-host")
    }()

    private static func read(_ handle: FileHandle, onFirst: @escaping @Sendable () -> Void) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var data = Data()
                while case let next = handle.availableData, !next.isEmpty {
                    if data.isEmpty { onFirst() }
                    data += next
                }
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }
}
