import ArgumentParsing
import VLLMSimulator

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@main
struct Main {
    static func main() async throws {
        do {
            switch try SoakCommand.tree.parse(Array(CommandLine.arguments.dropFirst())) {
            case .help(let path): print(SoakCommand.tree.help(for: path) ?? "", terminator: "")
            case .version: break
            case .run(let command):
                let faultRate = try command.int("fault-rate", in: 0...1000) ?? 500
                if command.path.last == "serve" { return try serve(faultRate: faultRate) }
                let run = SoakRun(
                    baseURLs: command.arguments, requestCount: try command.int("requests", in: 10...10_000_000) ?? 10_000,
                    concurrency: try command.int("concurrency", in: 1...10_000) ?? 256, faultRate: faultRate)
                let report = SoakReport(run, try await run.run())
                print(report.text)
                exit(report.isClean ? 0 : 1)
            }
        } catch let error as UsageError {
            print(error)
            exit(64)
        }
    }

    /// Serves until the process is ended.
    private static func serve(faultRate: Int) throws {
        let server = SoakServer(faultRate: faultRate)
        var options = VLLMSimulator.Options(respond: { server.answer($0) })
        options.recordedRequestLimit = 0
        let simulator = try VLLMSimulator(options: options)
        print(simulator.baseURL)
        fflush(nil)
        while true { pause() }
    }
}
