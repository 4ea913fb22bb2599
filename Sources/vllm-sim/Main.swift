import ArgumentParsing
import VLLMSimulator

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@main
struct Main {
    static func main() {
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    private static func run(_ arguments: [String]) -> Int32 {
        do {
            switch try SimulatorCommand.tree.parse(arguments) {
            case .help(let path): write(SimulatorCommand.tree.help(for: path) ?? "", to: STDOUT_FILENO)
            case .version: write("vllm-sim \(SimulatorCommand.tree.version ?? "")\n", to: STDOUT_FILENO)
            case .run(let command): try serve(options(command), certificateFile: command.value("tls-certificate-file"))
            }
            return 0
        } catch let error as UsageError {
            write("\(error)\n", to: STDERR_FILENO)
            return 64
        } catch {
            write("vllm-sim: \(error)\n", to: STDERR_FILENO)
            return 69
        }
    }

    private static func options(_ command: ParsedCommand) throws(UsageError) -> VLLMSimulator.Options {
        let models = command.values("model")
        let delay = try command.double("token-delay-ms", in: 0...3_600_000) ?? 0
        var options = VLLMSimulator.Options(
            port: try command.int("port", in: 0...65535) ?? 8000, host: command.value("host") ?? "127.0.0.1",
            models: models.isEmpty ? ["tiny-chat"] : models, apiKey: command.value("api-key") ?? environment("VLLM_API_KEY"),
            tokenDelay: delay > 0 ? .milliseconds(delay) : nil)
        options.maxModelLength = try command.int("max-model-len", in: 1...1_000_000) ?? options.maxModelLength
        options.reasoningParser = !command.flag("no-reasoning-parser")
        options.toolParser = !command.flag("no-tool-parser")
        options.recordedRequestLimit = 0
        options.idleTimeout = .seconds(try command.int("idle-timeout", in: 0...86_400) ?? 5)
        options.certificate = command.value("tls").flatMap { SimulatedCertificate(rawValue: $0) }
        do {
            options.faults = try command.values("fault").map { text throws(SimulatorError) in try FaultRule(parsing: text) }
        } catch {
            throw UsageError(message: "--fault: \(error.message)", command: "vllm-sim")
        }
        return options
    }

    private static func serve(_ options: VLLMSimulator.Options, certificateFile: String?) throws(SimulatorError) {
        // Blocked before the first thread starts, so that they wait for `sigwait` here whichever thread they reach.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let simulator = try VLLMSimulator(options: options)
        if let certificateFile { try save(simulator.certificate ?? "", to: certificateFile) }
        write("listening on \(simulator.baseURL)\n", to: STDOUT_FILENO)
        var received: Int32 = 0
        sigwait(&signals, &received)
        simulator.stop()
    }

    private static func save(_ text: String, to path: String) throws(SimulatorError) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw SimulatorError("\(path) cannot be written: \(String(cString: strerror(errno)))") }
        write(text, to: file)
        close(file)
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                #if canImport(Darwin)
                    Darwin.write(descriptor, bytes.baseAddress, bytes.count)
                #else
                    Glibc.write(descriptor, bytes.baseAddress, bytes.count)
                #endif
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
