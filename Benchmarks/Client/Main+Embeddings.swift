import HTTPTransport
import Measuring
import VLLMClient

extension Main {
    static let embeddingSettings = ["url", "batch", "count", "format", "executor", "warmup"]

    /// Asks for vectors of 1,024 numbers, `batch` at a time, and reports what they cost; `body_bytes` is about what came over the wire.
    static func embeddings(_ settings: Settings) async throws {
        let (batch, count) = (max(1, settings.count("batch", 32)), settings.count("count", 6400))
        let format = settings.choice("format", ["base64", "float"])
        let transport = CurlTransport()
        let client = VLLMClient(baseURL: try BaseURL(settings.text("url", "http://127.0.0.1:8900")), transport: transport)
        var request = EmbeddingRequest(model: "emb-\(batch)", .texts(Array(repeating: "Embed this text, please.", count: batch)))
        request.encodingFormat = EmbeddingRequest.EncodingFormat(rawValue: format)
        let preference: (any TaskExecutor)? = settings.choice("executor", ["engine", "global"]) == "engine" ? transport.executor : nil
        let (asked, warmup) = (request, settings.count("warmup", 4))
        try await withTaskExecutorPreference(preference) {
            for _ in 0..<warmup { _ = try await client.embeddings(asked) }
            let start = ProcessFigures.now
            var (vectors, numbers) = (0, 0)
            while vectors < count {
                for embedding in try await client.embeddings(asked).embeddings {
                    vectors += 1
                    numbers += embedding.vector.count
                }
            }
            let end = ProcessFigures.now
            let perVector = format == "float" ? floatBytes : base64Bytes
            report([
                ("vectors", Double(vectors)), ("numbers", Double(numbers)), ("body_bytes", Double(vectors * perVector)),
                ("cpu_us", end.cpu - start.cpu), ("wall_us", Double(end.time - start.time) / 1000),
                ("rss_peak_kib", Double(ResidentMemory.peak)),
            ])
        }
    }

    // Of a vector in the load server's answers.
    private static let floatBytes = 21_610
    private static let base64Bytes = 5_520
}
