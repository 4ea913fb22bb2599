import SessionLog
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Reading a log that was put aside in parts", .temporaryFolder)
struct RotatedLogTests {
    private let folder = TemporaryFolder()

    /// `{"event":"a"}` and `{"event":"b"}`, each with a line feed, as `zstd` compresses them.
    private static let compressed: [UInt8] = [
        0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0xc5, 0x00, 0x00, 0x90, 0x7b, 0x22, 0x65, 0x76, 0x65, 0x6e, 0x74, 0x22, 0x3a, 0x22, 0x61, 0x22,
        0x7d, 0x0a, 0x62, 0x22, 0x7d, 0x0a, 0x01, 0x00, 0xb1, 0x4d, 0x25, 0x84, 0xc5, 0x0e, 0xde,
    ]

    private func write(_ bytes: some Collection<UInt8>, to name: String) {
        let descriptor = open(folder.file(name), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let bytes = Array(bytes)
        #expect(bytes.withUnsafeBytes { put($0, descriptor) } == bytes.count)
        close(descriptor)
    }

    private func put(_ bytes: UnsafeRawBufferPointer, _ descriptor: Int32) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    /// What a reader gives out: the event and line of a record, the reason where a line is none.
    private func read(_ path: String? = nil, includesRotated: Bool = true) throws -> [String] {
        var reader = try SessionLogReader(path: path ?? folder.path, includesRotated: includesRotated)
        var found: [String] = []
        while let line = try reader.next() {
            switch line {
            case .record(let record): found.append("\(record.event) \(record.line) \(record.offset)")
            case .skipped(let line, let reason): found.append("\(line): \(reason)")
            }
        }
        return found
    }

    @Test("the parts come before the log, in the order of their numbers, and lines are counted through")
    func order() throws {
        write(Self.compressed, to: "events.000001.jsonl.zst")
        write("{\"event\":\"c\"}\n".utf8, to: "events.000010.jsonl")
        write("{\"event\":\"d\"}\n".utf8, to: "events.000009.jsonl")
        write("{\"event\":\"e\"}\n".utf8, to: "events.jsonl")
        for name in ["events.jsonl.zst", "other.000002.jsonl", "events.2.jsonl", "events.000003.jsonl.tmp", "events.00000x.jsonl"] {
            write("{\"event\":\"z\"}\n".utf8, to: name)
        }
        #expect(try read() == ["a 1 0", "b 2 14", "d 3 28", "c 4 42", "e 5 56"])
        #expect(try read(folder.file("events.jsonl")) == read())
        #expect(try read(includesRotated: false) == ["e 1 0"])
        #expect(try read(folder.file("events.000001.jsonl.zst")) == ["a 1 0", "b 2 14"])
    }

    @Test("a part whose compressed file is there already counts once")
    func both() throws {
        write(Self.compressed, to: "events.000001.jsonl.zst")
        write("{\"event\":\"a\"}\n{\"event\":\"b\"}\n".utf8, to: "events.000001.jsonl")
        write("".utf8, to: "events.jsonl")
        #expect(try read() == ["a 1 0", "b 2 14"])
    }

    @Test("a log that was rotated and not begun anew is its parts")
    func onlyParts() throws {
        write(Self.compressed, to: "events.000001.jsonl.zst")
        #expect(try read() == ["a 1 0", "b 2 14"])
    }

    @Test(
        "a compressed part that is cut off or damaged gives what it can, says so, and does not hide the rest", arguments: [0, 12, 30, 36])
    func damaged(length: Int) throws {
        write(Self.compressed.prefix(length), to: "events.000001.jsonl.zst")
        write("{\"event\":\"e\"}\n".utf8, to: "events.jsonl")
        let found = try read()
        #expect(found.last?.hasPrefix("e ") == true)
        // An empty file is an empty part; where the checksum alone is cut off, all records are there.
        #expect(found.count { $0.contains("is damaged: it ends in the middle") } == (length == 0 ? 0 : 1), "\(found)")
        #expect(found.contains("b 2 14") == (length == 36))
        write(Self.compressed.map { $0 ^ 0x55 }, to: "events.000001.jsonl.zst")
        #expect(try read()[0].contains("is damaged: Unknown frame descriptor"))
    }

    @Test(
        "a part that breaks off while it is read costs itself; the log itself, should it, is an error",
        .enabled(if: access("/proc/self/mem", R_OK) == 0, "needs a file that can be opened and not read"))
    func unreadable() throws {
        symlink("/proc/self/mem", folder.file("events.000001.jsonl"))
        write("{\"event\":\"b\"}\n".utf8, to: "events.000002.jsonl")
        write("{\"event\":\"e\"}\n".utf8, to: "events.jsonl")
        let found = try read()
        #expect(found.count == 3 && found[0].contains("events.000001.jsonl: Input/output error"), "\(found)")
        #expect(found.dropFirst().map { $0.prefix(1) } == ["b", "e"])
        unlink(folder.file("events.jsonl"))
        symlink("/proc/self/mem", folder.file("events.jsonl"))
        #expect(throws: SessionLogError.self) { try read() }
    }

    @Test("compressed parts may be several frames, one behind the other")
    func frames() throws {
        write(Self.compressed + Self.compressed, to: "events.jsonl.zst")
        #expect(try read(folder.file("events.jsonl.zst")) == ["a 1 0", "b 2 14", "a 3 28", "b 4 42"])
    }

    @Test("a part that ends in the middle of a line does not run into the next one")
    func torn() throws {
        write("{\"event\":\"a\"}\n{\"eve".utf8, to: "events.000001.jsonl")
        write("{\"event\":\"b\"}\n".utf8, to: "events.jsonl")
        #expect(try read() == ["a 1 0", "2: cut off: the last line has no end", "b 3 19"])
    }

    @Test("how far reading has come is told in bytes of the files")
    func progress() throws {
        write(Self.compressed, to: "events.000001.jsonl.zst")
        write("{\"event\":\"e\"}\n".utf8, to: "events.jsonl")
        var reader = try SessionLogReader(path: folder.path)
        #expect(reader.progress == (0, Self.compressed.count + 14))
        while try reader.next() != nil {}
        #expect(reader.progress == (Self.compressed.count + 14, Self.compressed.count + 14))
    }
}
