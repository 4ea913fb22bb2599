import Foundation
import JSON
import TestSupport
import Testing

@Suite("events export")
struct EventsExportTests {
    private func export(_ arguments: [String], home: String) async throws -> HostProcess {
        try await HostProcess.run(["events", "export"] + arguments, home: home)
    }

    @Test("the last session goes to standard output as spans, or to a file in another form")
    func forms() async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["run", "--simulator", "What is 2+2?"], home: home)
            #expect(run.code == 0)
            let spans = try await export([], home: home)
            #expect(spans.code == 0 && spans.errors.isEmpty)
            let names = try spans.json()["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]?.array?.compactMap { $0["name"]?.string }
            #expect(names == ["text_completion tiny-chat", "invoke_agent"])
            let csv = try await export(["-f", "csv", "-o", "\(home)/calls.csv", "--all"], home: home)
            #expect(csv.code == 0 && csv.output.isEmpty)
            #expect(try fileText("\(home)/calls.csv").split(separator: "\r\n").count == 2)
        }
    }

    @Test("a file is replaced when all is written, by one that only its user can read; a link to it is not followed")
    func replaced() async throws {
        try await withTemporaryDirectory { home in
            try writeFile("\(home)/log.jsonl", "garbage\n".utf8)
            let (file, link) = ("\(home)/old.csv", "\(home)/calls.csv")
            try writeFile(file, "old".utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
            let linked = try await export(["\(home)/log.jsonl", "-f", "csv", "-o", link], home: home)
            #expect(linked.code == 0)
            #expect(try fileText(file) == "old")
            let direct = try await export(["\(home)/log.jsonl", "-f", "csv", "-o", file], home: home)
            #expect(direct.code == 0)
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let written = try fileText(file)
            #expect(try fileText(link) == written)
            let failed = try await export(["\(home)/nothing.jsonl", "-f", "csv", "-o", file], home: home)
            #expect(failed.code != 0)
            #expect(try fileText(file) == written)
            let left = try FileManager.default.contentsOfDirectory(atPath: home).filter { $0.hasSuffix(".part") }
            #expect(left == [])
        }
    }

    @Test("a file that cannot be written is told, and so are lines that held no record")
    func failures() async throws {
        try await withTemporaryDirectory { home in
            try writeFile("\(home)/log.jsonl", "garbage\n".utf8)
            let unwritable = try await export(["\(home)/log.jsonl", "-o", "\(home)/none/x"], home: home)
            #expect(unwritable.code == 66 && unwritable.errors.contains("cannot write \(home)/none/x: No such file or directory"))
            let garbage = try await export(["\(home)/log.jsonl", "-f", "chrome"], home: home)
            #expect(garbage.code == 0 && garbage.errors.contains("1 line without a record passed over"))
            #expect(try garbage.json()["traceEvents"] == [])
        }
    }
}
