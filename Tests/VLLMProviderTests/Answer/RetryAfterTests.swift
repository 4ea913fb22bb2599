import Testing

@testable import VLLMProvider

@Suite("Retry-After")
struct RetryAfterTests {
    @Test("a date counts from now, and one that has passed means at once")
    func dates() {
        // 2026-11-21T09:59:53Z
        let now = 1_795_255_193
        #expect(RetryAfter.delay("Sat, 21 Nov 2026 10:00:53 GMT", now: now) == .seconds(60))
        #expect(RetryAfter.delay("Sat, 21 Nov 2026 09:00:00 GMT", now: now) == .zero)
        #expect(RetryAfter.delay("Wed, 21 Oct 2099 07:28:00 GMT", now: now) == .seconds(31_536_000))
        #expect(RetryAfter.delay("Saturday, 21-Nov-26 10:00:53 GMT", now: now) == nil)
    }
}
