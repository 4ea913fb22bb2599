import Commands
public import Configuration
public import JSON
public import ProviderKit

/// A tool that is a command: the call's arguments are JSON on its standard input, its standard output is the result.
///
/// The command is a program and its arguments, run without a shell, in a process group of its own, in this process's folder and
/// environment; in a session without the variables that its modules read secrets from, or that hold one of these. An exit code other than 0 is an error, of which the model is told the end of standard error.
public struct CommandTool: HostTool {
    /// More is no result: a model could not read it.
    static let outputLimit = 1 << 20
    /// How many characters of standard error a model is told: each is part of all later prompts.
    static let reasonLimit = 400

    /// What the model is told of the tool.
    public let spec: ToolSpec
    /// The program and its arguments.
    public let command: [String]
    /// Which environment variables the command does not get: in a session, those with a secret of its modules.
    var withholds: CommandRun.Withholding = { _, _ in false }
    /// How long one call may take.
    public let timeout: Duration

    /// A tool as its definition has it.
    /// - Parameters:
    ///   - configuration: the definition; `schema` says what it may hold.
    ///   - path: the key path of the definition, for messages: `tools[0].config`.
    /// - Throws: `ConfigurationError` with everything that is wrong, a program that there is not included.
    public init(configuration: ConfigurationNode?, path: String = "") throws(ConfigurationError) {
        var (values, issues) = Self.schema.resolve(configuration, path: path)
        // In a definition, a key that nobody knows is one that was misspelled.
        for index in issues.indices { issues[index].severity = .error }
        command = values.strings("command") ?? []
        timeout = values.duration("timeout") ?? .seconds(60)
        spec = ToolSpec(
            name: values.string("name") ?? "", parameters: values.object("parameters") ?? [:], description: values.string("description"))
        if let program = command.first, !ProgramPath.exists(program) {
            let hint = program.contains("/") ? "check the path, and that it may be executed" : "give its path, or a name that PATH has"
            issues.append(values.issue(for: "command", "there is no program \(program.debugDescription)", hint: hint))
        } else if command.isEmpty, values["command"] != nil {
            issues.append(values.issue(for: "command", "names no program", hint: "such as [python3, weather.py]"))
        }
        guard !issues.hasErrors else { throw ConfigurationError(issues) }
    }

    /// Runs the command.
    /// - Throws: `CancellationError`, or an error that says what went wrong.
    public func run(_ arguments: JSONObject) async throws -> JSONValue {
        let input = Array(JSONValue.object(arguments).text.utf8)
        let run = CommandRun(
            command, withholding: withholds, input: input, timeout: timeout, outputLimit: Self.outputLimit)
        let result = try await run.result()
        switch result.ending {
        case .exited(0): return try Self.value(of: result.output)
        case .exited(let code): throw CommandError("exit code \(code)" + Self.reason(result.errors))
        case .signalled(let signal): throw CommandError("ended by signal \(signal)" + Self.reason(result.errors))
        case .timedOut: throw CommandError("no result after \(timeout / .seconds(1)) seconds" + Self.reason(result.errors))
        case .tooMuchOutput: throw CommandError("the output is larger than \(Self.outputLimit >> 10) KiB")
        case .cancelled: throw CancellationError()
        }
    }

    /// The output as JSON where it is JSON, and as text otherwise.
    private static func value(of output: [UInt8]) throws(CommandError) -> JSONValue {
        if let json = try? JSONValue(parsing: output) { return json }
        guard var text = String(validating: output, as: UTF8.self) else { throw CommandError("the output is not UTF-8 text") }
        if text.hasSuffix("\n") { text.removeLast() }
        return .string(text)
    }

    private static func reason(_ errors: [UInt8]) -> String {
        var text = String(decoding: errors, as: UTF8.self)[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        guard text.count > reasonLimit else { return text.isEmpty ? "" : ": \(text)" }
        return ": (the end of standard error) …\(text.suffix(reasonLimit))"
    }
}
