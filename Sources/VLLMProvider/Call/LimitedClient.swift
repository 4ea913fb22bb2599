import HTTPTransport
import VLLMClient

/// The client of one call, whose requests share one time limit. A class, since all functions hold it that wait for an answer.
final class LimitedClient: Sendable {
    /// The call's limits.
    let limits: TimeLimits
    /// When the time of the whole call is used up, by the clock of the calls.
    let deadline: ContinuousClock.Instant
    private let clock: CallClock
    private let client: VLLMClient

    /// A client whose time ends at the deadline of its call; without one it begins to run now.
    init(_ client: VLLMClient, limits: TimeLimits, deadline: ContinuousClock.Instant? = nil, clock: CallClock) {
        var client = client
        client.timeouts = HTTPTimeouts(connect: limits.connect, firstByte: limits.firstByte)
        client.streamIdleTimeout = limits.streamIdle
        self.client = client
        self.limits = limits
        self.clock = clock
        self.deadline = deadline ?? clock.now() + limits.total
    }

    /// The client for the next request, with the time that is left.
    /// - Throws: `VLLMError`, when none is left.
    func next() throws(VLLMError) -> VLLMClient {
        let left = deadline - clock.now()
        guard left > .zero else { throw VLLMError(.transport(TransportError(.timeout, "no time is left")), "no time is left") }
        var client = client
        client.timeouts.total = left
        return client
    }

    /// How long the call waits for an answer to something that is asked now, and why it waits no longer.
    var answerLimit: ReadLimit {
        // The limit is one of the continuous clock, whatever the call's clock is.
        let left = deadline - clock.now()
        return limits.firstByte < left
            ? ReadLimit(deadline: .now + limits.firstByte, error: TransportError(.firstByteTimeout, "no answer"))
            : ReadLimit(deadline: .now + left, error: TransportError(.timeout, "no time is left"))
    }
}
