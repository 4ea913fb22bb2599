import Configuration
import JSON
import SessionLog
import TestSupport
import Testing

@testable import HostSession

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("How the log is written, as hooks-logging says it")
struct LogSettingTests {
    private func settings(_ config: String) throws -> LogSettings {
        var issues: [ConfigurationIssue] = []
        let yaml = "hooks: [{module: hooks-logging, config: {\(config)}}]"
        let plan = MountPlan(try ConfigurationReader().node(parsing: yaml.utf8, file: "plan.yaml"), issues: &issues)
        return try SessionLogHook.settings(try #require(plan.hooks.first))
    }

    @Test("what the plan does not say is as usual")
    func usual() throws {
        #expect(try settings("") == LogSettings())
    }

    @Test("sizes and times are taken with units")
    func units() throws {
        let settings = try settings(
            """
            durability: fsync, queue_size: 1MiB, rotate_size: 5000, rotate_age: 7d, compress: false, retention_count: 3, \
            retention_size: 1.5GiB, retention_age: 36h
            """)
        let retention = SessionLogOptions.Retention(count: 3, bytes: 3 << 29, age: 36 * 3600)
        let expected = SessionLogOptions(
            durability: .fsync, queueSize: 1 << 20, rotateSize: 5000, rotateAge: 7 * 86_400, compresses: false, retention: retention)
        #expect(settings.options == expected)
    }

    @Test(
        "a setting that cannot be is told with its place and what is expected",
        arguments: [
            ("rotate_size: 5 apples", "rotate_size: expected a size, found \"5 apples\" (a number of bytes, or such as 64MiB)"),
            ("queue_size: 10", "queue_size: expected a size of at least 64KiB, found 10"),
            ("retention_size: -1", "retention_size: expected"),
            ("durability: always", "durability: expected one of none, flush, fsync, found \"always\""),
            ("rotate_age: -1", "rotate_age: expected a number of seconds of at least 0"),
        ])
    func wrong(config: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try settings(config) }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("plan.yaml:1:") && text.contains("hooks[0].config.\(message)"), "\(text)")
    }

    @Test("a log that is there stays as it is until the plan has said how it is written", arguments: [true, false])
    func notBefore(rotates: Bool) async throws {
        try await withTemporaryDirectory { root in
            let log = try SessionPaths(root: root).eventLog(session: "session-1", workingFolder: root)
            try SessionLogWriter(path: log, sessionID: "session-1").close()
            // Larger than what is put aside where nothing else is said; nothing of it is on the disk.
            let size = 129 << 20
            #expect(truncate(log, off_t(size)) == 0)
            let segment = "\(log.dropLast("jsonl".count))000001.jsonl"
            let host = Host(root, ScriptedProvider([.text("One.")]))
            let recorder = try host.recorder()
            recorder.flush()
            #expect(access(segment, F_OK) != 0)
            let yaml = "hooks: [{module: hooks-logging, config: {rotate_size: \(rotates ? "128MiB" : "0"), compress: false}}]\n\(Host.plan)"
            let session = try host.session(yaml, recorder: recorder)
            _ = try await session.execute("Count.")
            await session.close()
            recorder.finish()
            #expect((access(segment, F_OK) == 0) == rotates)
        }
    }

    @Test("a session's log is written as its plan says")
    func inForce() async throws {
        try await withTemporaryDirectory { root in
            let host = Host(root, ScriptedProvider([.text("One."), .text("Two.")]))
            let yaml = "hooks: [{module: hooks-logging, config: {rotate_size: 100, compress: false, durability: fsync}}]\n\(Host.plan)"
            let session = try host.session(yaml)
            _ = try await session.execute("Count.")
            session.recorder.flush()
            _ = try await session.execute("On.")
            await session.close()
            session.recorder.finish()
            let folder = session.recorder.logPath.dropLast("events.jsonl".count)
            #expect(try fileText(folder + "events.000001.jsonl").contains("session:start"))
            let records = try session.records
            #expect(records.first?.event == "session:start" && records.last?.event == "session:end")
        }
    }
}
