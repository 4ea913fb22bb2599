import HTTPTransport
import VLLMClient

/// The client of one call, whose requests share one time limit.
struct LimitedClient {
    /// The call's limits.
    let limits: TimeLimits
    /// When the time of the whole call is used up.
    let deadline: ContinuousClock.Instant
    private let client: VLLMClient

    /// A client whose time ends at the deadline of its call; without one it begins to run now.
    init(_ client: VLLMClient, limits: TimeLimits, deadline: ContinuousClock.Instant? = nil) {
        var client = client
        client.timeouts = HTTPTimeouts(connect: limits.connect, firstByte: limits.firstByte)
        client.streamIdleTimeout = limits.streamIdle
        self.client = client
        self.limits = limits
        self.deadline = deadline ?? .now + limits.total
    }

    /// The client for the next request, with the time that is left.
    /// - Throws: `VLLMError`, when none is left.
    func next() throws(VLLMError) -> VLLMClient {
        let left = deadline - .now
        guard left > .zero else { throw VLLMError(.transport(TransportError(.timeout, "no time is left")), "no time is left") }
        var client = client
        client.timeouts.total = left
        return client
    }

    /// How long the call waits for an answer to something that is asked now, and why it waits no longer.
    var answerLimit: ReadLimit {
        let firstByte = ContinuousClock.now + limits.firstByte
        return firstByte < deadline
            ? ReadLimit(deadline: firstByte, error: TransportError(.firstByteTimeout, "no answer"))
            : ReadLimit(deadline: deadline, error: TransportError(.timeout, "no time is left"))
    }
}
