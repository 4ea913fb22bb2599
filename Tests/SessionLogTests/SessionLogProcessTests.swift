import JSON
import SessionLog
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Processes that share a log or die while writing it", .temporaryFolder)
struct SessionLogProcessTests {
    typealias Durability = SessionLogOptions.Durability

    private let folder = TemporaryFolder()

    @Test("a process that is killed leaves whole lines, and all that it was told were written", arguments: Durability.allCases)
    func killed(_ durability: Durability) async throws {
        let path = folder.file("events.jsonl")
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, durability = durability.rawValue as String] in
            let durability = try #require(Durability(rawValue: durability))
            let log = try SessionLogWriter(path: path, sessionID: "s", options: SessionLogOptions(durability: durability))
            for turn in 0..<200 { log.append("e", ["turn": .integer(turn)]) }
            #expect(log.flush())
            kill(getpid(), SIGKILL)
        }
        let (records, skipped) = try SessionLogReader.contents(of: path)
        #expect(skipped.isEmpty)
        #expect(records.map { $0.data["turn"]?.int } == Array(0..<200))
        #expect(try fileText(path).hasSuffix("}\n"))
    }

    @Test("two processes may write one log at the same time")
    func twoProcesses() async throws {
        let path = folder.file("events.jsonl")
        let log = try SessionLogWriter(path: path, sessionID: "here")
        async let child = #expect(processExitsWith: .success) { [path = path as String] in
            let log = try SessionLogWriter(path: path, sessionID: "there")
            for turn in 0..<500 { log.append("e", ["text": .string(String(repeating: "t", count: turn * 11 % 5000))]) }
            log.close()
        }
        for turn in 0..<500 { log.append("e", ["text": .string(String(repeating: "h", count: turn * 13 % 5000))]) }
        _ = await child
        log.close()
        let (records, skipped) = try SessionLogReader.contents(of: path)
        #expect(skipped.isEmpty)
        #expect(records.count { $0.sessionID == "here" } == 500)
        #expect(records.count { $0.sessionID == "there" } == 500)
    }
}
