import HTTPTransport
import JSON
import TestSupport
import Testing

@testable import VLLMClient

@Suite("Embeddings")
struct EmbeddingTests {
    /// The recorded answers that are JSON, but for one whose bytes stand the other way round.
    private static let recordings = Recording.names {
        $0.path == "/v1/embeddings" && $0.status == 200 && $0.contentType == "application/json" && !$0.name.hasSuffix("big_endian")
    }

    /// A request that fits a recorded one.
    private func request(of recording: Recording) throws -> EmbeddingRequest {
        let sent = try recording.requestJSON()
        let input = sent["input"] ?? sent["messages"] ?? .null
        let isBatch = input.array.map { $0.first?.string != nil || $0.first?.array != nil } ?? false
        var request = EmbeddingRequest(.texts(Array(repeating: "x", count: isBatch ? input.array?.count ?? 0 : 1)))
        request.embedDtype = sent["embed_dtype"]?.string.flatMap(EmbeddingDtype.init)
        return request
    }

    private func list(_ name: String) async throws -> EmbeddingList {
        try await VLLMClient.answered(asIn: name).embeddings(request(of: Recording(name)))
    }

    private func failure(text: String, inputs: Int = 1) async throws -> VLLMError? {
        let client = try VLLMClient.answered(text: text)
        let request = EmbeddingRequest(.texts(Array(repeating: "x", count: inputs)))
        return await VLLMClientTests.failure { () async throws(VLLMError) in _ = try await client.embeddings(request) }
    }

    @Test("are read out of what vLLM sends, in every form", arguments: recordings)
    func recorded(name: String) async throws {
        let told = try Recording(name).responseJSON()
        let list = try await list(name)
        #expect(list.id == told["id"]?.string)
        #expect(list.id?.hasPrefix("embd-") == true)
        #expect(list.created == told["created"]?.int)
        #expect(list.model == told["model"]?.string)
        #expect(list.usage?.promptTokens == told["usage"]?["prompt_tokens"]?.int)
        #expect(list.additional.isEmpty)
        #expect(list.raw == nil)
        let data = try #require(told["data"]?.array)
        #expect(list.embeddings.map(\.index) == data.map { $0["index"]?.int })
        let length = list.model == "minilm" ? 384 : 128
        #expect(list.embeddings.allSatisfy { $0.vector.count == length })
        for (embedding, told) in zip(list.embeddings, data) {
            guard let numbers = told["embedding"]?.array else { continue }
            #expect(embedding.vector == numbers.map { Float($0.double ?? .nan) })
        }
    }

    @Test(
        "are the same in base64 as in JSON's numbers",
        arguments: [
            ("pool_embed_embeddings", "base64", "float_float16", 0), ("pool_embed_embeddings", "base64_float16", "float_float16", 0.001),
            ("pool_embed_embeddings", "base64_bfloat16", "float_float16", 0.008),
            ("pool_embed_embeddings", "base64_fp8_e4m3", "float_float16", 0.07),
            ("pool_chat-embed_embeddings", "base64", "user", 0), ("pool_chat-embed_embeddings", "base64_float16", "user", 0.001),
            ("pool_chat-embed_embeddings", "base64_bfloat16", "user", 0.008),
            ("pool_chat-embed_embeddings", "base64_fp8_e4m3", "user", 0.07),
        ])
    func encodings(server: String, base64: String, float: String, inexact: Float) async throws {
        let exact = try #require(try await list("\(server)_\(float)").embeddings.first).vector
        let vector = try #require(try await list("\(server)_\(base64)").embeddings.first).vector
        // The smallest numbers of eight bits lie 1/512 apart.
        let coarsest: Float = base64.hasSuffix("e4m3") ? 1.0 / 512 : inexact == 0 ? 0 : 1e-7
        let areNear = zip(exact, vector).map { abs($0 - $1) <= max(abs($0) * inexact, coarsest) }
        #expect(areNear == exact.map { _ in true })
    }

    @Test("are asked for in base64 unless somebody wants floats")
    func askedFor() async throws {
        let transport = ScriptedTransport { _ throws(TransportError) in
            ScriptedExchange(headers: ["content-type": "application/json"], body: #"{"data":[{"index":0,"embedding":[0.5]}]}"#)
        }
        let client = VLLMClient(baseURL: try BaseURL("http://server:8000"), transport: transport)
        var request = EmbeddingRequest(model: "m", .text("Hi"))
        // Floats in answer to base64 are understood.
        #expect(try await client.embeddings(request).embeddings == [EmbeddingList.Embedding(index: 0, vector: [0.5])])
        request.encodingFormat = .float
        _ = try await client.embeddings(request)
        request.encodingFormat = .base64
        request.embedDtype = .bfloat16
        _ = try await client.embeddings(request)
        #expect(
            transport.requests.map { "\($0.method) \($0.url) \(String(decoding: $0.body ?? [], as: UTF8.self))" } == [
                #"POST http://server:8000/v1/embeddings {"model":"m","input":"Hi","encoding_format":"base64"}"#,
                #"POST http://server:8000/v1/embeddings {"model":"m","input":"Hi","encoding_format":"float"}"#,
                #"POST http://server:8000/v1/embeddings {"model":"m","input":"Hi","encoding_format":"base64","embed_dtype":"bfloat16"}"#,
            ])
    }

    @Test(
        "are asked for as floats of a server that refuses base64",
        arguments: [
            (400, #"{"error":{"message":"no such value","type":"Bad Request","param":"body.encoding_format","code":400}}"#),
            (422, #"{"detail":[{"loc":["body","encoding_format"],"msg":"extra fields not permitted"}]}"#),
        ])
    func refused(status: Int, refusal: String) async throws {
        let transport = ScriptedTransport { request throws(TransportError) in
            let isBase64 = String(decoding: request.body ?? [], as: UTF8.self).contains("base64")
            return ScriptedExchange(
                status: isBase64 ? status : 200, headers: ["content-type": "application/json"],
                body: isBase64 ? refusal : #"{"data":[{"index":0,"embedding":[0.5]}]}"#)
        }
        let client = VLLMClient(baseURL: try BaseURL("http://server:8000"), transport: transport)
        var request = EmbeddingRequest(.text("Hi"))
        #expect(try await client.embeddings(request).embeddings.first?.vector == [0.5])
        #expect(transport.requests.count == 2)
        request.encodingFormat = .base64
        let error = await VLLMClientTests.failure { () async throws(VLLMError) in _ = try await client.embeddings(request) }
        #expect(error?.status == status)
        #expect(transport.requests.count == 3)
    }

    @Test(
        "that a server cannot give are asked for once, and its words are passed on",
        arguments: [
            ("pool_embed-token_embeddings", 501, "The model does not support Embeddings API"),
            ("pool_embed_embeddings_too_long", 400, "This model's maximum context length is 256 tokens."),
            ("pool_chat-embed_embeddings_dimensions", 400, "does not support Matryoshka embeddings"),
            ("err_embeddings_404", 404, "Not Found"),
        ])
    func errors(name: String, status: Int, words: String) async throws {
        let exchange = try ScriptedExchange(recording: try Recording(name).responseBytes)
        let transport = ScriptedTransport { _ throws(TransportError) in exchange }
        let client = VLLMClient(baseURL: try BaseURL("http://server:8000"), transport: transport)
        let error = await VLLMClientTests.failure { () async throws(VLLMError) in
            _ = try await client.embeddings(EmbeddingRequest(.text("Hi")))
        }
        #expect(error?.status == status)
        #expect(error?.message.contains(words) == true)
        #expect(transport.requests.count == 1)
    }

    @Test("are put in the order of the input")
    func order() async throws {
        let client = try VLLMClient.answered(
            text: #"{"data":[{"index":2,"embedding":[2]},{"index":0,"embedding":[0]},{"index":1,"embedding":"AACAPw=="}],"x":1}"#)
        let list = try await client.embeddings(EmbeddingRequest(.tokenLists([[1], [2], [3]])))
        #expect(list.embeddings.map(\.index) == [0, 1, 2])
        #expect(list.embeddings.map(\.vector) == [[0], [1], [2]])
        #expect(list.additional == ["x": 1])
        let unnumbered = try VLLMClient.answered(text: #"{"data":[{"embedding":[5]},{"embedding":[6]}]}"#)
        #expect(try await unnumbered.embeddings(EmbeddingRequest(.texts(["a", "b"]))).embeddings.map(\.vector) == [[5], [6]])
    }

    @Test("keep what is no number, and numbers beyond all bounds")
    func notNumbers() async throws {
        for text in [#""AADAfwAAgH8AAID/""#, "[null,1e39,-1e400]"] {
            let client = try VLLMClient.answered(text: #"{"data":[{"index":0,"embedding":\#(text)}]}"#)
            let vector = try #require(try await client.embeddings(EmbeddingRequest(.text("x"))).embeddings.first).vector
            #expect(vector.count == 3)
            #expect(vector[0].isNaN)
            #expect(Array(vector[1...]) == [.infinity, -.infinity])
        }
    }

    @Test(
        "that make no sense are refused with the place",
        arguments: [
            ("{}", "data: missing"),
            (#"{"data":[]}"#, "data: expected as many embeddings as inputs (1), found a list of 0"),
            (#"{"data":[{"index":0}]}"#, "data[0].embedding: missing"),
            (#"{"data":[{"index":1,"embedding":[1]}]}"#, "data[0].index: expected each number from 0 to 0 once, found a number 1"),
            (#"{"data":[{"index":-1,"embedding":[1]}]}"#, "data[0].index: expected each number from 0 to 0 once, found a number -1"),
            (#"{"data":[{"index":0,"embedding":{}}]}"#, "data[0].embedding: expected base64 or an array of numbers, found an object"),
            (#"{"data":[{"index":0,"embedding":[1,[2]]}]}"#, "data[0].embedding[1]: expected a number, found an array"),
            (
                #"{"data":[{"index":0,"embedding":"AACAP"}]}"#,
                "data[0].embedding: expected base64 of float32 numbers, found a text of 5 characters"
            ),
            (
                #"{"data":[{"index":0,"embedding":"AACA"}]}"#,
                "data[0].embedding: expected base64 of float32 numbers, found a text of 4 characters"
            ),
            (
                #"{"data":[{"index":0,"embedding":"AAC-Pw=="}]}"#,
                "data[0].embedding: expected base64, found a character that it does not have, at 3"
            ),
        ])
    func refused(text: String, place: String) async throws {
        let error = try await failure(text: text)
        #expect(error?.kind == .malformedResponse)
        #expect(error?.message == "the answer is not what was asked for: \(place)")
    }

    @Test("of different lengths, and two of one input, are refused")
    func inconsistent() async throws {
        let lengths = try await failure(text: #"{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1]}]}"#, inputs: 2)
        #expect(lengths?.message.hasSuffix("data[1].embedding: expected as many numbers as in data[0] (2), found a vector of 1") == true)
        let twice = try await failure(text: #"{"data":[{"index":1,"embedding":[1]},{"index":1,"embedding":[1]}]}"#, inputs: 2)
        #expect(twice?.message.hasSuffix("data[1].index: expected each number from 0 to 1 once, found a second 1") == true)
    }

    @Test("whose answer tells an error, or is too large, fail with it")
    func failures() async throws {
        let told = try await failure(text: #"{"error":{"message":"no model","type":"NotFoundError","code":404}}"#)
        #expect(told?.kind == .errorInBody)
        #expect(told?.message == "no model")
        var client = try VLLMClient.answered(text: #"{"data":[{"index":0,"embedding":[1,2,3,4]}]}"#)
        client.limits.body = 20
        let large = client
        let error = await VLLMClientTests.failure { () async throws(VLLMError) in
            _ = try await large.embeddings(EmbeddingRequest(.text("x")))
        }
        guard case .transport = error?.kind else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("keep the answer where that was asked for")
    func raw() async throws {
        let text = #"{"data":[{"index":0,"embedding":[1]}]}"#
        let list = try await VLLMClient.answered(text: text).embeddings(EmbeddingRequest(.text("x")), keepsRaw: true)
        #expect(list.raw.map { JSONValue.object($0).text } == text)
    }
}
