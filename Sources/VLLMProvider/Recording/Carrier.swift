import HTTPTransport

/// What carries the requests of a provider: the transport, with what is between it and the client.
struct Carrier: Sendable {
    private let transport: any Transport
    private let keys: APIKeyStore?

    /// - Parameter keys: where the API key is from, if it is read when it is needed.
    init(_ transport: any Transport, keys: APIKeyStore?) {
        self.transport = transport
        self.keys = keys
    }

    /// A transport that tells of its exchanges, if somebody is to be told: of each as it goes over the wire, also of one that is sent again
    /// with another key.
    func transport(recorder: ExchangeRecorder?) -> any Transport {
        let carrier: any Transport = recorder.map { RecordingTransport(transport, recorder: $0) } ?? transport
        return keys.map { AuthorizingTransport(carrier, keys: $0) } ?? carrier
    }

    /// Reads the API key, so that it is known to whoever has to keep it secret. What goes wrong here goes wrong again when it is needed.
    func learnKey(within limit: Duration) async {
        _ = try? await keys?.key(until: .now + limit)
    }
}
