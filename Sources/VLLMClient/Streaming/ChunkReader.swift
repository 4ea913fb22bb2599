import JSON

/// Reads the data of the events of a stream, one after the other.
struct ChunkReader<Chunk: DecodableChunk>: Sendable {
    let head: AnswerHead
    private let keepsRaw: Bool
    private var templates = ChunkTemplates<Chunk>()

    init(head: AnswerHead, keepsRaw: Bool) {
        self.head = head
        self.keepsRaw = keepsRaw
    }

    /// Reads an event.
    /// - Parameters:
    ///   - number: which event of the stream this is, from 1, for messages.
    ///   - chunks: where the chunk goes, behind the others.
    /// - Throws: `VLLMError`: `.errorInBody` for what the server says went wrong, `.malformedResponse` for what is no chunk.
    mutating func read(_ data: ArraySlice<UInt8>, number: Int, to chunks: inout [Chunk]) throws(VLLMError) {
        try data.withUnsafeBufferPointer { bytes throws(VLLMError) in
            if templates.read(bytes, to: &chunks) { return }
            try JSONView.read(bytes, orThrow: { malformed("is not JSON: \($0)", data, number) }) { view throws(VLLMError) in
                let hasError = view["error"] != nil
                let chunk = try read(view, hasError: hasError, data, number)
                if !keepsRaw, !hasError { templates.learn(chunk, view, bytes) }
                chunks.append(chunk)
            }
        }
    }

    private func read(_ view: JSONView, hasError: Bool, _ data: ArraySlice<UInt8>, _ number: Int) throws(VLLMError) -> Chunk {
        let hasChoices = view["choices"] != nil
        // vLLM tells errors in streams as events of status 200, then sends [DONE] as if all were well.
        if !hasChoices || hasError, let told = ServerErrorMessage(view.value) {
            throw head.errorInBody(told, body: data)
        }
        do throws(MalformedField) {
            guard hasChoices else { throw MalformedField(missing: "choices") }
            return try Chunk(view, raw: keepsRaw ? view.value.object : nil)
        } catch { throw malformed("is not a chunk: \(error)", data, number) }
    }

    private func malformed(_ what: String, _ data: ArraySlice<UInt8>, _ number: Int) -> VLLMError {
        head.error(.malformedResponse, "event \(number) of the stream \(what): \(data.excerpt(upTo: 200))", body: data)
    }
}
