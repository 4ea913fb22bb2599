import JSON
import Testing

@testable import SessionLog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("What a log's thread does next", .temporaryFolder)
struct LogWorkTests {
    private let folder = TemporaryFolder()

    private func work(_ durability: SessionLogOptions.Durability) throws -> LogWork {
        let file = try LogFile(path: folder.file("events.jsonl"), sessionID: "s", redactor: nil)
        return LogWork(file, SessionLogOptions(durability: durability))
    }

    private func add(_ names: String..., to work: inout LogWork) {
        var writer = JSONWriter()
        let encoder = RecordEncoder(sessionID: "s")
        let records = names.map { LogRecord(SessionEvent($0), encoder, nil, to: &writer) }
        writer.withBytes { lines in
            for record in records { _ = work.add(record, of: lines, path: "") }
        }
    }

    /// What is to be written next is written. Returns how many records that was.
    private func write(_ work: inout LogWork, isCompressing: Bool = false) -> Int {
        guard case .write(var portion) = work.step(isCompressing: isCompressing) else { return 0 }
        let outcome = portion.write()
        portion.leave()
        work.settle(portion, outcome)
        return outcome.written
    }

    private func gathers(_ work: inout LogWork) -> Duration? {
        if case .gather(let time) = work.step(isCompressing: false) { time } else { nil }
    }

    private func rests(_ work: inout LogWork) -> Bool {
        if case .rest = work.step(isCompressing: false) { true } else { false }
    }

    @Test(
        "records are written at once, and those of a millisecond together where they come without a pause", arguments: ["flush", "fsync"])
    func hasty(name: String) throws {
        var work = try work(#require(SessionLogOptions.Durability(rawValue: name)))
        for _ in 0..<8 {
            add("a", to: &work)
            #expect(write(&work) == 1)
        }
        add("b", to: &work)
        #expect(gathers(&work) == .milliseconds(1))
        add("c", to: &work)
        #expect(!work.hasWork)
        work.endGathering()
        #expect(write(&work) == 2)
        #expect(rests(&work))
        add("d", to: &work)
        let wakes = [work.mustWakeThread(), work.mustWakeThread()]
        #expect(wakes == [true, false])
        #expect(write(&work) == 1)
    }

    @Test("without haste, records are gathered for a second")
    func gathered() throws {
        var work = try work(.none)
        add("a", "b", to: &work)
        #expect(gathers(&work) == .seconds(1))
        add("c", to: &work)
        #expect(!work.hasWork)
        work.endGathering()
        #expect(write(&work) == 3)
        #expect(rests(&work))
    }

    @Test("what follows is not held up by what is compressed")
    func compressing() throws {
        var work = try work(.flush)
        for _ in 0..<20 {
            add("a", to: &work)
            #expect(write(&work, isCompressing: true) == 1)
        }
    }

    @Test("while somebody writes, nobody else gets the file; who gives it back wakes the thread for what has come meanwhile")
    func oneWriter() throws {
        var work = try work(.flush)
        #expect(rests(&work))
        add("a", to: &work)
        let first = work.take(upTo: work.accepted)
        var portion = try #require(first)
        add("b", to: &work)
        let second = work.take(upTo: work.accepted)
        #expect(second == nil)
        #expect(!work.hasWork)
        #expect(rests(&work))
        let outcome = portion.write()
        work.settle(portion, outcome)
        #expect(work.settled == 1)
        #expect(work.hasWork)
        #expect(write(&work) == 1)
        #expect(work.settled == work.accepted)
    }

    @Test("a thread that was woken for what somebody else has written by then is woken again for what comes next")
    func wokenInVain() throws {
        var work = try work(.flush)
        #expect(rests(&work))
        add("a", to: &work)
        let first = work.mustWakeThread()
        #expect(first)
        let given = work.take(upTo: work.accepted)
        var portion = try #require(given)
        let outcome = portion.write()
        work.settle(portion, outcome)
        let found = work.findsWork()
        #expect(!found)
        add("b", to: &work)
        let again = work.mustWakeThread()
        #expect(again)
        let foundMore = work.findsWork()
        #expect(foundMore)
    }

    @Test("what nobody waits for any more is not given out")
    func written() throws {
        var work = try work(.none)
        add("a", to: &work)
        work.endGathering()
        #expect(write(&work) == 1)
        add("b", to: &work)
        let portion = work.take(upTo: 1)
        #expect(portion == nil)
    }

    @Test("what could not be written just before the end is tried once more before it is given up")
    func lastTry() throws {
        var work = try work(.flush)
        add("a", to: &work)
        let early = work.take(upTo: 1)
        let closes = work.close()
        #expect(closes)
        let failed = LogFile.Outcome(written: 0, failure: SessionLogError(.write, "", errno: ENOSPC))
        work.settle(try #require(early), failed)
        let givesUpEarly = work.giveUp()
        #expect(!givesUpEarly)
        let last = work.take(upTo: 1)
        work.settle(try #require(last), failed)
        let givesUp = work.giveUp()
        #expect(givesUp)
        #expect(work.lost == 1)
    }
}
