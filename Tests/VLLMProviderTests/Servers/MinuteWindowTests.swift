import TestSupport
import Testing

@testable import VLLMProvider

@Suite("The limits of a minute")
struct MinuteWindowTests {
    private let start = ContinuousClock.now

    @Test("let as much go at once as a minute may have, and the next when a minute has passed")
    func requests() {
        var limiter = RateLimiter(requestsPerMinute: 2, tokensPerMinute: nil)
        for _ in 1...2 {
            #expect(limiter.delay(tokens: 0, start) == nil)
            _ = limiter.charge(tokens: 0, start)
        }
        let delay = limiter.delay(tokens: 0, start + .seconds(59))
        #expect(delay?.setting == "requests_per_minute")
        #expect(delay?.until == start + .seconds(60) + MinuteWindow.resolution)
        #expect(limiter.delay(tokens: 0, start + .seconds(61)) == nil)
    }

    @Test("name the limit that keeps a call waiting longest")
    func naming() {
        var limiter = RateLimiter(requestsPerMinute: 1, tokensPerMinute: 100)
        _ = limiter.charge(tokens: 100, start)
        #expect(limiter.delay(tokens: 1, start)?.setting == "requests_per_minute")
        limiter = RateLimiter(requestsPerMinute: 2, tokensPerMinute: 100)
        _ = limiter.charge(tokens: 100, start)
        #expect(limiter.delay(tokens: 1, start)?.setting == "tokens_per_minute")
    }

    @Test("count what a call has really used, once that is known")
    func settling() {
        var limiter = RateLimiter(requestsPerMinute: nil, tokensPerMinute: 1000)
        let charge = limiter.charge(tokens: 900, start)
        #expect(limiter.delay(tokens: 500, start) != nil)
        limiter.settle(charge, tokens: 300)
        #expect(limiter.delay(tokens: 500, start) == nil)
        limiter.settle(charge, tokens: 2000)
        #expect(limiter.delay(tokens: 1, start) != nil)
        #expect(limiter.delay(tokens: 1000, start + .seconds(61)) == nil, "what is known too late changes nothing any more")
        limiter.settle(charge, tokens: 5000)
        #expect(limiter.delay(tokens: 1000, start + .seconds(61)) == nil)
    }

    @Test("give a call of more tokens than a minute may have a minute of its own")
    func oversized() {
        var limiter = RateLimiter(requestsPerMinute: nil, tokensPerMinute: 100)
        #expect(limiter.delay(tokens: .max, start) == nil)
        _ = limiter.charge(tokens: .max, start)
        #expect(limiter.delay(tokens: 1, start + .seconds(30)) != nil)
        #expect(limiter.delay(tokens: .max, start + .seconds(61)) == nil)
    }

    @Test("stay numbers whatever a server says", arguments: [Int.max, .min, -1])
    func hostile(count: Int) {
        var limiter = RateLimiter(requestsPerMinute: nil, tokensPerMinute: 100)
        for _ in 1...100 { limiter.settle(limiter.charge(tokens: count, start), tokens: count) }
        #expect(limiter.delay(tokens: 1, start + .seconds(61)) == nil)
    }

    @Test("are never passed in any 60 seconds, and no call waits longer than it must", arguments: 1...30 as ClosedRange<UInt64>)
    func anySequence(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let limit = Int.random(in: 1...50, using: &random)
        var window = MinuteWindow(limit: limit)
        var now = start
        var admitted: [(time: ContinuousClock.Instant, amount: Int)] = []
        for _ in 1...300 {
            let amount = Int.random(in: 0...limit, using: &random)
            if let until = window.room(for: amount, now) {
                #expect(until > now)
                var earlier = window
                #expect(earlier.room(for: amount, until - .milliseconds(1)) != nil, "it could have gone earlier")
                now = until
                #expect(window.room(for: amount, now) == nil)
            }
            window.add(amount, now)
            admitted.append((now, amount))
            #expect(admitted.filter { $0.time > now - .seconds(60) }.reduce(0) { $0 + $1.amount } <= limit)
            #expect(window.slotCount <= 1204)
            now += .milliseconds(Int.random(in: 0...3000, using: &random))
        }
    }
}
