import HTTPTransport
import VLLMClient

/// The client of one call, whose requests share one time limit.
struct LimitedClient {
    /// The time that all requests have together.
    let timeout: Duration
    /// When it is used up.
    let deadline: ContinuousClock.Instant
    private let client: VLLMClient

    /// A client whose time begins to run now.
    init(_ client: VLLMClient, timeout: Duration) {
        self.client = client
        self.timeout = timeout
        deadline = .now + timeout
    }

    /// The client for the next request, with the time that is left.
    /// - Throws: `VLLMError`, when none is left.
    func next() throws(VLLMError) -> VLLMClient {
        let left = deadline - .now
        guard left > .zero else { throw VLLMError(.transport(TransportError(.timeout, "no time is left")), "no time is left") }
        var client = client
        // libcurl 7.88 can miss a limit that is less than a millisecond away from another of its timers, such as that of the start.
        client.timeouts.total = max(left, .milliseconds(5))
        return client
    }
}
