import Testing
import Timestamps

@testable import vllm_host

@Suite("Times, sizes and tables of events")
struct EventsArgumentTests {
    @Test(
        "an age is so long before now, a moment is itself",
        arguments: [
            ("now", 1_000_000), ("90s", 999_910), ("10m", 999_400), ("2h", 992_800), ("3d", 740_800), ("1w", 395_200),
            ("1970-01-02T00:00:00Z", 86_400),
        ])
    func times(text: String, seconds: Int) {
        #expect(TimeArgument.time(text, now: LogTimestamp(seconds: 1_000_000))?.seconds == seconds)
    }

    @Test("days begin at midnight here, and yesterday is the day before")
    func days() throws {
        let now = LogTimestamp(seconds: 1_795_249_793)
        let today = try #require(TimeArgument.time("today", now: now))
        let yesterday = try #require(TimeArgument.time("yesterday", now: now))
        #expect(LocalTime(today).clock == "00:00:00.000" && LocalTime(today).date == LocalTime(now).date)
        #expect(LocalTime(yesterday).clock == "00:00:00.000" && yesterday < today)
        #expect(TimeArgument.time(LocalTime(now).date, now: now) == today)
    }

    @Test("what is no time is none", arguments: ["", "m", "5", "-1h", "1.5h", "9223372036854775807w", "2026-02-30", "tomorrow"])
    func noTimes(text: String) { #expect(TimeArgument.time(text, now: LogTimestamp(seconds: 0)) == nil) }

    @Test(
        "sizes are told in the unit that fits",
        arguments: [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (10_240, "10 KiB"), (3_650_722_201, "3.4 GiB"), (Int.max, "8.0 EiB")])
    func sizes(bytes: Int, text: String) { #expect(ByteCount.text(bytes) == text) }

    @Test("a table is as wide as what is in it, its last column as wide as there is room; nothing in it controls the terminal")
    func table() {
        var table = TextTable([.init(title: "A"), .init(title: "N", isRightAligned: true), .init(title: "LAST")])
        table.add(["long name", "5", "one\ntwo three"])
        table.add(["x", "500", "\u{1B}[2J"])
        #expect(table.text(width: 25) == "A            N  LAST\nlong name    5  one two …\nx          500  \u{FFFD}[2J\n")
    }
}
