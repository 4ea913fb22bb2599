import Measuring

/// Measures a whole session of the host, its event log included: `bench-host stream url=… streams=64 tokens=10000 log=1`; `plugin=FOLDER`
/// loads the provider from there (`make plugin` makes `Plugins/provider-vllm`).
@main
struct Main {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.first == "stream" else { stop("usage: bench-host stream name=value…") }
        let settings = Settings(arguments.dropFirst(), known: StreamRun.settings + ["log", "plugin"])
        await measuring {
            let folder = TemporaryFolder()
            defer { folder.remove() }
            let run = StreamRun(settings)
            let host = try MeasuredHost(run, logs: settings.count("log", 1) == 1, plugin: settings.text("plugin", ""), root: folder.path)
            try await run.run(on: host.executor, host.read)
            await host.close()
        }
    }
}
