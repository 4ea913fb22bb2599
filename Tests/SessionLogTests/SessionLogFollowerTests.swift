import SessionLog
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Following a log", .temporaryFolder)
struct SessionLogFollowerTests {
    private let folder = TemporaryFolder()

    private var path: String { folder.file("events.jsonl") }

    private func line(_ event: String) -> String { #"{"event":"\#(event)"}"# + "\n" }

    /// What has happened to the log since: events, and words for the rest.
    private func news(_ follower: inout SessionLogFollower) throws -> [String] {
        var found: [String] = []
        while let event = try follower.next() {
            switch event {
            case .line(.record(let record)): found.append(record.event)
            case .line(.skipped(_, let reason)): found.append(reason)
            case .rotated: found.append("rotated")
            case .truncated: found.append("truncated")
            }
        }
        return found
    }

    @Test("it begins with the last records, and goes on with what comes, each once it is whole")
    func goesOn() throws {
        append((1...20).map { line("e\($0)") }.joined(), to: path)
        var follower = try SessionLogFollower(path: folder.path, last: 3)
        #expect(try news(&follower) == ["e18", "e19", "e20"])
        #expect(try news(&follower) == [])
        append(#"{"event":"#, to: path)
        #expect(try news(&follower) == [])
        append("\"new\"}\n", to: path)
        #expect(try news(&follower) == ["new"])
    }

    @Test("a line that is being written when following begins is given out once it is whole", arguments: [0, 1])
    func torn(count: Int) throws {
        append(line("a") + #"{"event":"#, to: path)
        var follower = try SessionLogFollower(path: path, last: count)
        #expect(try news(&follower) == (count == 0 ? [] : ["a"]))
        append("\"b\"}\n{\"event\":\"c\"}", to: path)
        #expect(try news(&follower) == ["b"])
        let rest = follower.finish()
        guard case .record(let record)? = rest else {
            Issue.record("\(String(describing: rest)) is no record")
            return
        }
        #expect(record.event == "c")
    }

    @Test("more records than there are is all of them; none is only what comes", arguments: [(100, ["a", "b"]), (0, [])])
    func counts(count: Int, expected: [String]) throws {
        append(line("a") + line("b"), to: path)
        var follower = try SessionLogFollower(path: path, last: count)
        #expect(try news(&follower) == expected)
        append(line("c"), to: path)
        #expect(try news(&follower) == ["c"])
    }

    @Test("the last records are those that are wanted, however far back and however long the lines between")
    func filtered() throws {
        let filler = #"{"event":"filler","data":""# + String(repeating: "x", count: 300_000) + "\"}\n"
        append(line("wanted1") + line("wanted2") + filler + line("wanted3") + filler + filler + "garbage\n", to: path)
        var follower = try SessionLogFollower(path: path, last: 2, query: RecordQuery(events: ["wanted*"]))
        #expect(try news(&follower).filter { $0.hasPrefix("wanted") } == ["wanted2", "wanted3"])
        append(filler + line("wanted4"), to: path)
        #expect(try news(&follower) == ["wanted4"])
    }

    @Test("where the log is too short, the last records begin in what was put aside before")
    func beginsInParts() throws {
        append(line("a") + line("b"), to: folder.file("events.000001.jsonl"))
        append(line("c"), to: folder.file("events.000002.jsonl"))
        append(line("d"), to: path)
        var follower = try SessionLogFollower(path: path, last: 3)
        #expect(try news(&follower) == ["b", "c", "d"])
    }

    @Test("when the log is put aside, its end is read, and the new one from its beginning")
    func rotation() throws {
        append(line("a"), to: path)
        var follower = try SessionLogFollower(path: path, last: 1)
        #expect(try news(&follower) == ["a"])
        append(line("b"), to: path)
        rename(path, folder.file("events.000001.jsonl"))
        #expect(try news(&follower) == ["b"])
        append(line("c"), to: folder.file("events.000001.jsonl"))
        append(line("d"), to: path)
        #expect(try news(&follower) == ["c", "rotated", "d"])
        append(line("e"), to: path)
        #expect(try news(&follower) == ["e"])
    }

    @Test("parts that came and went while nobody looked are read in between, in their order")
    func missedParts() throws {
        append(line("a"), to: path)
        var follower = try SessionLogFollower(path: path, last: 1)
        #expect(try news(&follower) == ["a"])
        rename(path, folder.file("events.000001.jsonl"))
        append(line("b") + #"{"torn"#, to: folder.file("events.000002.jsonl"))
        append(line("c"), to: folder.file("events.000003.jsonl"))
        append(line("d"), to: path)
        #expect(try news(&follower) == ["rotated", "b", "cut off: the last line has no end", "c", "d"])
        rename(path, folder.file("events.000004.jsonl"))
        append(line("e"), to: path)
        #expect(try news(&follower) == ["rotated", "e"])
    }

    @Test("a log that was cut is read from its beginning")
    func truncation() throws {
        append(line("first") + line("second"), to: path)
        var follower = try SessionLogFollower(path: path, last: 0)
        #expect(try news(&follower) == [])
        truncate(path, 0)
        append(line("new"), to: path)
        #expect(try news(&follower) == ["truncated", "new"])
    }

    @Test("a log that is removed and made anew is followed")
    func removed() throws {
        append(line("a"), to: path)
        var follower = try SessionLogFollower(path: path, last: 1)
        #expect(try news(&follower) == ["a"])
        unlink(path)
        #expect(try news(&follower) == [])
        append(line("b"), to: path)
        #expect(try news(&follower) == ["rotated", "b"])
    }
}
