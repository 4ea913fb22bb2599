import ProviderKit

extension FaultRow {
    private static let lost = Outcome.error(.network, isRetryable: true)
    private static let broken = Outcome.error(.network, isRetryable: false)
    private static let unreadable = Outcome.error(.stream, isRetryable: false)
    private static let cutShort = Outcome.error(.stream, isRetryable: true)
    private static let unavailable = Outcome.error(.unavailable, isRetryable: true)

    /// What comes to the same whether the answer is streamed or not.
    private static let both: [FaultRow] = [
        FaultRow("close-in-head=60", lost),
        FaultRow("reset-in-head=60", lost),
        FaultRow("stall-in-head=0", .timeLimit("first_byte_timeout")),
        FaultRow("stall-in-head=60", .timeLimit("first_byte_timeout")),
        FaultRow("close-at-byte=0", lost),
        FaultRow("reset-at-byte=0", lost),
        FaultRow("stall-at-byte=0", .timeLimit("first_byte_timeout")),
        FaultRow("close-at-byte=120", lost),
        FaultRow("reset-at-byte=120", lost),
        FaultRow("truncate-chunk=120", lost),
        FaultRow("bad-chunk=120", broken),

        FaultRow("close-after", .answer),
        FaultRow("garbage", .answer),
        FaultRow("drip=50; interval-ms=1", .answer),
        FaultRow("content-type=text/event-stream", .answer),
        FaultRow("other-form", unreadable),

        FaultRow("status=400", .error(.invalidRequest, isRetryable: false)),
        FaultRow("status=401", .error(.authentication, isRetryable: false)),
        FaultRow("status=403", .error(.accessDenied, isRetryable: false)),
        FaultRow("status=404", .error(.notFound, isRetryable: false)),
        FaultRow("status=408", .error(.timeout, isRetryable: true)),
        FaultRow("status=429; retry-after=0", .error(.rateLimit, isRetryable: true)),
        FaultRow("status=500", unavailable),
        FaultRow("status=502; body=<html><title>502 Bad Gateway</title></html>", unavailable),
        FaultRow("status=503", unavailable),
        FaultRow("status=503; body=No available workers (all circuits open or unhealthy)", unavailable),
        FaultRow("status=504", .error(.timeout, isRetryable: true)),
        FaultRow("status=529", unavailable),
        FaultRow("status=200; body=", unreadable),
        FaultRow("status=200; body=<!DOCTYPE html><html><title>Sign in</title></html>", unreadable),
        FaultRow("status=200; body={\"error\": {\"message\": \"busy\", \"code\": 503}}", unavailable),
        FaultRow("status=302; header=Location: http://127.0.0.1:9/", .error(.configuration, isRetryable: false)),
    ]

    /// Of a stream of some 5,000 bytes, in events of some 250.
    static let streamed: [FaultRow] =
        both + [
            FaultRow("stall-at-byte=120", .timeLimit("first_byte_timeout")),
            FaultRow("close-at-byte=3000", lost, isPartial: true),
            FaultRow("reset-at-byte=3000", lost, isPartial: true),
            FaultRow("stall-at-byte=3000", .timeLimit("stream_idle_timeout"), isPartial: true),
            FaultRow("truncate-chunk=3000", lost, isPartial: true),
            FaultRow("bad-chunk=3000", broken, isPartial: true),

            FaultRow("content-type=text/html", unreadable),
            FaultRow("content-type=application/json", unreadable),
            FaultRow("sse-crlf", .answer),
            FaultRow("sse-mixed", .answer),
            FaultRow("sse-split-bytes", .answer),
            FaultRow("sse-wrong-field", cutShort),
            FaultRow("sse-no-field", cutShort),
            FaultRow("sse-no-blank-line", cutShort),
            FaultRow("invalid-event=0", unreadable),
            FaultRow("invalid-event=12", unreadable, isPartial: true),
            FaultRow("error-event=0", unavailable),
            FaultRow("error-event=12", unavailable, isPartial: true),
            FaultRow("no-done", cutShort, isPartial: true, hasFinished: true),
            FaultRow("two-dones", .answer),
            FaultRow("events-after-done", .answer),

            FaultRow("gzip-bomb", unreadable),
            FaultRow("endless-line", .sizeLimit("max_event_bytes")),
            FaultRow("endless-stream", .sizeLimit("max_stream_bytes"), isPartial: true),
        ]

    /// Of an answer of some 700 bytes.
    static let whole: [FaultRow] =
        both + [
            FaultRow("stall-at-byte=120", .timeLimit("first_byte_timeout")),
            FaultRow("content-type=text/html", .answer),
            FaultRow("close-at-byte=400", lost),
            FaultRow("invalid-event=0", unreadable),
            FaultRow("error-event=0", unavailable),

            FaultRow("gzip-bomb", unreadable),
            FaultRow("endless-line", .sizeLimit("max_body_bytes")),
            FaultRow("endless-stream", .sizeLimit("max_body_bytes")),
        ]

    /// Every way of asking with every fault that it meets.
    /// - Parameter stalls: those whose time limit has to pass, or the others.
    static func all(stalls: Bool) -> [(CallMode, FaultRow)] {
        CallMode.all.flatMap { mode in (mode.streams ? streamed : whole).filter { $0.stalls == stalls }.map { (mode, $0) } }
    }
}
