import HTTPTransport
import JSON
import VLLMClient

extension FixedPath {
    private static let perCall = 16
    private static let dimensions = 1024

    /// Answers with vectors, read into floats.
    static func embed(_ count: Int, _ format: EmbeddingRequest.EncodingFormat) async throws {
        let client = try FixedServer(ScriptedExchange(headers: ["Content-Type": "application/json"], body: body(format))).client()
        var request = EmbeddingRequest(model: "m", .texts(Array(repeating: "Embed this text, please.", count: perCall)))
        request.encodingFormat = format
        var numbers = 0
        for _ in 0..<count / perCall {
            for embedding in try await client.embeddings(request).embeddings { numbers += embedding.vector.count }
        }
        expect(numbers, count * dimensions, "numbers")
    }

    private static func body(_ format: EmbeddingRequest.EncodingFormat) -> String {
        var state: UInt64 = 88_172_645_463_325_252
        let vectors = (0..<perCall).map { index in
            let vector = (0..<dimensions).map { _ in next(&state) }
            let text = format == .float ? "[\(vector.map { "\(Double($0))" }.joined(separator: ","))]" : "\"\(base64(vector))\""
            return #"{"index":\#(index),"object":"embedding","embedding":\#(text)}"#
        }
        return """
            {"id":"embd-9bad8cb538845c2e","object":"list","created":1795249210,"model":"m","data":[\(vectors.joined(separator: ","))],\
            "usage":{"prompt_tokens":112,"total_tokens":112,"completion_tokens":0,"prompt_tokens_details":null}}
            """
    }

    /// A number as normalised vectors have them (the generator is Marsaglia's xorshift64).
    private static func next(_ state: inout UInt64) -> Float {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return (Float(state >> 40) / Float(1 << 24) - 0.5) * 0.12
    }

    /// RFC 4648, of the numbers' bytes, little-endian; 4,096 of them leave one behind the groups of three.
    private static func base64(_ vector: [Float]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let bytes = vector.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> ($0 * 8)) } }
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = (0..<3).reduce(0) { $0 << 8 | (start + $1 < bytes.count ? Int(bytes[start + $1]) : 0) }
            for place in 0..<4 {
                let isPadding = place > bytes.count - start
                text.append(isPadding ? UInt8(ascii: "=") : alphabet[group >> (18 - 6 * place) & 63])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
