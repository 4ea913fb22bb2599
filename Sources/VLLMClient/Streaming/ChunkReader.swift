import JSON

/// Reads the data of one event of a stream.
struct ChunkReader<Chunk: DecodableChunk>: Sendable {
    let head: AnswerHead
    let keepsRaw: Bool

    /// Reads an event.
    /// - Parameter number: which event of the stream this is, from 1, for messages.
    /// - Throws: `VLLMError`: `.errorInBody` for what the server says went wrong, `.malformedResponse` for what is no chunk.
    func read(_ data: ArraySlice<UInt8>, number: Int) throws(VLLMError) -> Chunk {
        try data.withUnsafeBufferPointer { bytes throws(VLLMError) in
            try JSONView.read(bytes, orThrow: { malformed("is not JSON: \($0)", data, number) }) { view throws(VLLMError) in
                try read(view, data, number)
            }
        }
    }

    private func read(_ view: JSONView, _ data: ArraySlice<UInt8>, _ number: Int) throws(VLLMError) -> Chunk {
        let hasChoices = view["choices"] != nil
        // vLLM tells errors in streams as events of status 200, then sends [DONE] as if all were well.
        if !hasChoices || view["error"] != nil, let told = ServerErrorMessage(view.value) {
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
