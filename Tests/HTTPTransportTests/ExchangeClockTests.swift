import Testing

@testable import HTTPTransport

@Suite("The limits of an exchange")
struct ExchangeClockTests {
    private let start = MonotonicTime.now
    private let limits = HTTPTimeouts(connect: .seconds(10), firstByte: .seconds(60), total: .seconds(300))
    private let idle = TransportError(.idleTimeout, "idle")

    /// The verdict after so many seconds.
    private func verdict(
        after seconds: Int, attemptAfter: Int = 0, sentAfter: Int? = nil, hasHead: Bool = false, readUntil: Int? = nil,
        limits: HTTPTimeouts? = nil
    ) throws -> ExchangeClock.Verdict {
        let address = ServerAddress(host: "h", port: "1", isSecure: false)
        let clock = ExchangeClock(limits: limits ?? self.limits, address: address, start: start, attempt: start + .seconds(attemptAfter))
        let read = readUntil.map { ReadLimit(deadline: (start + .seconds($0)).instant, error: idle) }
        return clock.verdict(at: start + .seconds(seconds), sent: sentAfter.map { start + .seconds($0) }, hasHead: hasHead, read: read)
    }

    private func wait(_ seconds: Int) -> ExchangeClock.Verdict { .wait(until: start + .seconds(seconds)) }

    @Test("without a connection, the one for connecting counts")
    func connecting() throws {
        #expect(try verdict(after: 0) == wait(10))
        #expect(try verdict(after: 10) == .expired(TransportError(.connectTimeout, "no connection to h:1 within 10 s")))
    }

    @Test("a second attempt has the time for connecting again, and the whole goes on")
    func secondAttempt() throws {
        #expect(try verdict(after: 50, attemptAfter: 50) == wait(60))
        #expect(
            try verdict(after: 60, attemptAfter: 50) == .expired(TransportError(.connectTimeout, "no connection to h:1 within 10 s")))
        #expect(try verdict(after: 295, attemptAfter: 295) == wait(300))
    }

    @Test("the time to the first byte runs from when the request was sent, however long connecting took")
    func firstByte() throws {
        #expect(try verdict(after: 10, sentAfter: 9) == wait(69))
        #expect(try verdict(after: 69, sentAfter: 9) == .expired(TransportError(.firstByteTimeout, "no answer from h:1 within 60 s")))
        let unlimited = HTTPTimeouts(connect: nil, firstByte: .seconds(60))
        #expect(try verdict(after: 60, limits: unlimited) == wait(120))
        #expect(try verdict(after: 120, sentAfter: 61, limits: unlimited) == wait(121))
    }

    @Test("with the head there, the whole and the reader's limit count, whichever is first")
    func body() throws {
        #expect(try verdict(after: 100, sentAfter: 1, hasHead: true) == wait(300))
        #expect(try verdict(after: 100, sentAfter: 1, hasHead: true, readUntil: 150) == wait(150))
        #expect(try verdict(after: 150, sentAfter: 1, hasHead: true, readUntil: 150) == .expired(idle))
        let late = TransportError(.timeout, "no complete answer from h:1 within 300 s")
        #expect(try verdict(after: 300, sentAfter: 1, hasHead: true, readUntil: 400) == .expired(late))
        #expect(try verdict(after: 300, sentAfter: 1, hasHead: true, readUntil: 299) == .expired(idle))
    }

    @Test("none is for ever, and the longest does not overflow")
    func extremes() throws {
        #expect(try verdict(after: 5, limits: HTTPTimeouts(connect: nil)) == .wait(until: nil))
        let longest = Duration.seconds(Int64.max)
        let limits = HTTPTimeouts(connect: longest, firstByte: longest, total: longest)
        #expect(try verdict(after: 5, limits: limits) == .wait(until: start + longest))
        #expect(longest.wholeMilliseconds == Int64(Int32.max))
    }

    @Test("whoever waits for a deadline does not wake before it")
    func rounding() {
        #expect(Duration.nanoseconds(1).wholeMilliseconds == 1)
        #expect(Duration.milliseconds(1500).wholeMilliseconds == 1500)
        #expect(Duration.nanoseconds(1_500_000).wholeMilliseconds == 2)
        #expect(Duration.zero.wholeMilliseconds == 0)
        #expect(Duration.seconds(-3).wholeMilliseconds == 0)
    }
}
