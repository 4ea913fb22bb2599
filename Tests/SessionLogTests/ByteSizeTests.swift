import SessionLog
import Testing

@Suite("Sizes as people write them")
struct ByteSizeTests {
    @Test(
        "a size is a number with or without a unit",
        arguments: [
            ("0", 0), ("4096", 4096), ("64MiB", 64 << 20), ("1.5 GiB", 3 << 29), ("20GB", 20_000_000_000), ("10 B", 10), ("5KB", 5000),
            ("9000000TiB", nil), ("-1", nil), ("MiB", nil), ("1e3", nil), ("nan", nil), ("", nil), ("64mib", nil), ("1 2", nil),
        ] as [(String, Int?)])
    func reading(text: String, bytes: Int?) {
        #expect(ByteSize.bytes(text) == bytes)
    }

    @Test(
        "it is told in the largest unit in which it is whole",
        arguments: [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1536 bytes"), (64 << 20, "64MiB")])
    func writing(bytes: Int, text: String) {
        #expect(ByteSize.text(bytes) == text)
    }
}
