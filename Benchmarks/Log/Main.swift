import Measuring

/// Measures the event log and the mount plan: `bench-log write count=100000 durability=flush`, `bench-log lines count=100000`,
/// `bench-log read path=events.jsonl`, `bench-log yaml path=Config/advanced.yaml`.
@main
struct Main {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        await measuring {
            switch arguments.first {
            case "write": try LogWriting(Settings(arguments.dropFirst(), known: LogWriting.settings)).run()
            case "lines": try LineWriting(Settings(arguments.dropFirst(), known: LineWriting.settings)).run()
            case "read": try LogReading(Settings(arguments.dropFirst(), known: LogReading.settings)).run()
            case "yaml": try PlanLoading(Settings(arguments.dropFirst(), known: PlanLoading.settings)).run()
            default: stop("usage: bench-log write|lines|read|yaml name=value…")
            }
        }
    }
}
