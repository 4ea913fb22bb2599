import HTTPTransport
import JSON

extension VLLMClient {
    /// `POST /v1/embeddings`: a vector for each input. A server without a model for it says 404 or 501 (vLLM 0.32).
    ///
    /// The answer is as large as `limits.body` says at most: in base64 some 5,500 bytes for a vector of 1,024 numbers, else 22,000.
    /// - Parameter keepsRaw: keeps the text of the answer for `EmbeddingList.raw`, vectors and all; `VLLMClient.keepsRaw` is not for these.
    /// - Throws: `VLLMError`; `.malformedResponse` too when there are not as many vectors as inputs, or when they differ in length.
    public func embeddings(_ request: EmbeddingRequest, keepsRaw: Bool = false) async throws(VLLMError) -> EmbeddingList {
        do { return try await embeddingList(request, keepsRaw: keepsRaw) } catch {
            guard request.encodingFormat == nil, error.isAboutEncodingFormat else { throw error }
        }
        var request = request
        request.encodingFormat = .float
        return try await embeddingList(request, keepsRaw: keepsRaw)
    }

    private func embeddingList(_ request: EmbeddingRequest, keepsRaw: Bool) async throws(VLLMError) -> EmbeddingList {
        let (count, dtype) = (request.input.count, request.embedDtype ?? .float32)
        let (decoder, body) = try await answer(to: httpRequest(path: EmbeddingRequest.path, json: request.json), keepsRaw: keepsRaw)
        return try decoder.decode(body) { node, answer throws(MalformedField) in
            try EmbeddingList(node, answer: answer, count: count, dtype: dtype)
        }
    }
}

extension VLLMError {
    /// Whether the server refuses the request for the format that it asks for.
    fileprivate var isAboutEncodingFormat: Bool {
        guard kind == .status, [400, 422].contains(status) else { return false }
        return [param ?? "", message].contains { $0.contains("encoding_format") }
    }
}
