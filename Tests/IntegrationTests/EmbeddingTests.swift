import JSON
import TestSupport
import Testing
import VLLMClient

extension RealServer {
    @Suite(
        "A real vLLM that makes vectors", .serialized, .timeLimit(.minutes(20)),
        .enabled(if: OwnServer.installation != nil, "vLLM is not installed here: make vllm"))
    struct EmbeddingTests {
        /// How far two vectors are from each other in the number where they differ most.
        private func difference(_ left: EmbeddingList, _ right: EmbeddingList) -> Float {
            let pairs = zip(left.embeddings, right.embeddings).flatMap { zip($0.vector, $1.vector) }
            return pairs.map { abs($0 - $1) }.max() ?? .infinity
        }

        /// Why the server does not answer.
        private func refusal(of request: EmbeddingRequest, by client: VLLMClient) async -> VLLMError? {
            do {
                _ = try await client.embeddings(request)
                return nil
            } catch { return error }
        }

        /// A server takes half a minute to start, so that one test asks it everything.
        @Test("sends the same ones in base64 as in numbers, of every kind of input, and says why it does not")
        func vectors() async throws {
            let server = try OwnServer(["--runner", "pooling"])
            try await server.waitUntilReady()
            let client = VLLMClient(baseURL: try BaseURL(server.url), transport: RealServer.transport)
            let texts = ["Hi", "The weather is sunny.", "vLLM is great!"]
            var request = EmbeddingRequest(model: "tiny-chat", .texts(texts))
            let list = try await client.embeddings(request)
            #expect(list.embeddings.map(\.index) == [0, 1, 2])
            #expect(list.embeddings.map(\.vector.count) == [128, 128, 128])
            #expect(list.embeddings.allSatisfy { abs($0.vector.reduce(0) { $0 + $1 * $1 } - 1) < 0.001 })
            #expect(list.id?.hasPrefix("embd-") == true)
            #expect(list.model == "tiny-chat")
            #expect((list.usage?.promptTokens ?? 0) > 3)

            request.encodingFormat = .float
            #expect(difference(try await client.embeddings(request), list) < 1e-5)
            request.encodingFormat = nil
            for (dtype, tolerance) in [(EmbeddingDtype.float16, 0.001 as Float), (.bfloat16, 0.01), (.fp8E4M3, 0.05), (.fp8E5M2, 0.1)] {
                request.embedDtype = dtype
                #expect(difference(try await client.embeddings(request), list) < tolerance)
            }

            var tokens: [[Int]] = []
            for text in texts { tokens.append(try await client.tokenize(TokenizeRequest(.prompt(text))).tokens) }
            let ofTokens = try await client.embeddings(EmbeddingRequest(.tokenLists(tokens)))
            #expect(difference(ofTokens, list) < 1e-5)
            let ofFirst = try await client.embeddings(EmbeddingRequest(.tokens(tokens[0])))
            #expect(difference(ofFirst, list) < 1e-5)

            let conversation: [JSONObject] = [["role": "user", "content": "Hi"]]
            let ofConversation = try await client.embeddings(EmbeddingRequest(.messages(conversation)))
            let ofTwo = try await client.embeddings(EmbeddingRequest(.conversations([conversation, conversation])))
            #expect(ofTwo.embeddings.count == 2)
            #expect(difference(ofTwo, ofConversation) < 1e-5)

            request.dimensions = 32
            let refused = await refusal(of: request, by: client)
            #expect(refused?.status == 400)
            #expect(refused?.message.contains("Matryoshka") == true)
            let long = EmbeddingRequest(.text(String(repeating: "word ", count: 5000)))
            let tooLong = await refusal(of: long, by: client)
            #expect(tooLong?.status == 400)
            var truncated = long
            truncated.truncatePromptTokens = -1
            #expect(try await client.embeddings(truncated).embeddings.count == 1)
        }
    }
}
