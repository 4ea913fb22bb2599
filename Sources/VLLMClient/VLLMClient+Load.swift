import HTTPTransport
import JSON

extension VLLMClient {
    /// How many requests the server has, running and waiting, of all clients: by `/load`, or else by `/metrics`.
    ///
    /// vLLM 0.32 answers `/load` with 0 unless it runs with `--enable-server-load-tracking`, so a 0 is looked up in the metrics, which
    /// always tell.
    /// - Throws: `VLLMError`, where the server tells neither.
    public func requestCount() async throws(VLLMError) -> Int {
        if let load = try? await load(), load > 0 { return load }
        var client = self
        // A server of one model has some 60 kB of metrics.
        client.limits.body = min(limits.body, 4 << 20)
        let request = try client.httpRequest(path: "/metrics")
        let metrics = try await client.body(of: client.successful(request), to: request)
        guard let count = RequestMetrics.count(metrics) else {
            throw VLLMError(.malformedResponse, "the metrics do not tell how many requests the server has")
        }
        return count
    }

    /// `GET /load`: how many requests the server says that it has.
    private func load() async throws(VLLMError) -> Int {
        let load: ServerLoad = try await response(to: httpRequest(path: "/load"))
        return load.requests
    }
}

/// What `/load` says.
private struct ServerLoad: DecodableResponse {
    var requests: Int

    init(_ node: JSONView, answer: AnswerText) throws(MalformedField) {
        guard let requests = try node.int("server_load") else { throw MalformedField(missing: "server_load") }
        self.requests = requests
    }
}
