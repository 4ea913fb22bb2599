import Measuring

/// Measures the client by itself: `bench-client stream url=… model=mock-coal streams=64 tokens=100000 executor=engine`.
@main
struct Main {
    static func main() async {
        await measuring {
            let arguments = CommandLine.arguments.dropFirst()
            switch arguments.first {
            case "stream": try await stream(StreamRun(Settings(arguments.dropFirst(), known: StreamRun.settings)))
            case "requests": try await requests(RequestRun(Settings(arguments.dropFirst(), known: RequestRun.settings)))
            case "embeddings": try await embeddings(Settings(arguments.dropFirst(), known: embeddingSettings))
            default: stop("usage: bench-client stream|requests|embeddings name=value…")
            }
        }
    }
}
