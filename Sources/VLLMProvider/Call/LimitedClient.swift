import HTTPTransport
import VLLMClient

/// The client of one call, whose requests share one time limit.
struct LimitedClient {
    /// The time that all requests have together.
    let timeout: Duration
    private let client: VLLMClient
    private let deadline: ContinuousClock.Instant

    /// A client whose time begins to run now.
    init(_ client: VLLMClient, timeout: Duration) {
        self.client = client
        self.timeout = timeout
        deadline = .now + timeout
    }

    /// The client for the next request, with the time that is left.
    var next: VLLMClient {
        var client = client
        client.timeouts.total = max(deadline - .now, .milliseconds(1))
        return client
    }
}
