import Testing
import Timestamps

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Timestamps")
struct LogTimestampTests {
    @Test(
        "a moment is written in RFC 3339 with nanoseconds and read back the same",
        arguments: [
            (0, 0, "1970-01-01T00:00:00.000000000+00:00"),
            (1_795_249_793, 358_417_069, "2026-11-21T08:29:53.358417069+00:00"),
            (951_782_399, 999_999_999, "2000-02-28T23:59:59.999999999+00:00"),
            (951_782_400, 1, "2000-02-29T00:00:00.000000001+00:00"),
            (-1, 0, "1969-12-31T23:59:59.000000000+00:00"),
            (4_107_542_400, 0, "2100-03-01T00:00:00.000000000+00:00"),
            (253_402_300_799, 0, "9999-12-31T23:59:59.000000000+00:00"),
            (-62_167_219_200, 0, "0000-01-01T00:00:00.000000000+00:00"),
        ])
    func spelling(seconds: Int, nanoseconds: Int, text: String) {
        let time = LogTimestamp(seconds: seconds, nanoseconds: nanoseconds)
        #expect(time.description == text)
        #expect(LogTimestamp(text) == time)
    }

    @Test("every day from 1896 to 2104 has the date that the C library gives it")
    func calendar() {
        for day in -27_000...49_000 {
            var seconds = time_t(day * 86_400 + 43_200)
            var parts = tm()
            gmtime_r(&seconds, &parts)
            func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
            let expected = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T12:00:00.000000000+00:00"
            guard LogTimestamp(seconds: seconds).description == expected, LogTimestamp(expected)?.seconds == seconds else {
                Issue.record("day \(day): \(LogTimestamp(seconds: seconds)) is not \(expected)")
                return
            }
        }
    }

    @Test(
        "spellings of other writers are read",
        arguments: [
            ("2026-01-21T19:29:07.834+00:00", 1_769_023_747, 834_000_000),
            ("2026-01-21T19:29:07Z", 1_769_023_747, 0),
            ("2026-01-21 20:29:07,5+01:00", 1_769_023_747, 500_000_000),
            ("2026-01-21t09:59:07.1234567899-09:30", 1_769_023_747, 123_456_789),
            ("2016-12-31T23:59:60Z", 1_483_228_800, 0),
        ])
    func otherSpellings(text: String, seconds: Int, nanoseconds: Int) {
        #expect(LogTimestamp(text) == LogTimestamp(seconds: seconds, nanoseconds: nanoseconds))
    }

    @Test(
        "what is no timestamp is refused",
        arguments: [
            "", "now", "2026-01-21", "2026-01-21T19:29:07", "2026-13-21T19:29:07Z", "2026-02-29T00:00:00Z", "2026-01-00T00:00:00Z",
            "2026-01-21T24:00:00Z", "2026-01-21T19:60:07Z", "2026-01-21T19:29:61Z", "2026-01-21T19:29:07.Z", "2026-01-21T19:29:07Zx",
            "2026-01-21T19:29:07+0000", "+026-01-21T19:29:07Z", "２026-01-21T19:29:07Z",
        ])
    func refused(text: String) {
        #expect(LogTimestamp(text) == nil)
    }

    @Test("what the calendar cannot write becomes the nearest moment that it can")
    func clamped() {
        #expect(LogTimestamp(seconds: .max).description.hasPrefix("9999-12-31T23:59:59."))
        #expect(LogTimestamp(seconds: .min, nanoseconds: -5).description == "0000-01-01T00:00:00.000000000+00:00")
    }

    @Test("now is the time of day, and later calls are not earlier")
    func now() {
        // Not `time`, whose coarse clock may be a tick behind.
        func secondsNow() -> Int {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            return now.tv_sec
        }
        let before = secondsNow()
        let first = LogTimestamp.now()
        let second = LogTimestamp.now()
        #expect(first.seconds >= before && first.seconds <= secondsNow())
        #expect(!(second < first))
    }
}
