import Measuring

/// Does fixed work, to be counted: `bench-paths assemble 6400` assembles an answer of 6,400 tokens; `bench-paths list` names the paths.
///
/// No network, no clock, nothing random; all tasks run on one thread. What is counted in runs of two lengths is taken apart, so that what
/// is done once cancels out (`Scripts/bench-check.py`).
@main
struct Main {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments != ["list"] else {
            for path in FixedPath.allCases { print(path.rawValue, path.unit) }
            return
        }
        guard arguments.count == 2, let path = FixedPath(rawValue: arguments[0]), let count = Int(arguments[1]), count > 0 else {
            stop("usage: bench-paths list | PATH COUNT")
        }
        guard count % ServerBytes.batchSize == 0 else { stop("\(count) is no multiple of \(ServerBytes.batchSize)") }
        ThisThread.run { try await path.run(count) }
    }
}
