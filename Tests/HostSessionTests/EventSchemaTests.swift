import Foundation
import JSON
import ProviderKit
import TestSupport
import Testing

@Suite("The specification of the event log")
struct EventSchemaTests {
    private static let sources = Recording.testsFolder + "/../Sources"

    private func record(_ event: String, _ members: JSONObject = [:], _ data: JSONObject) -> JSONValue {
        var record: JSONObject = [
            "ts": "2026-11-21T08:29:53.358417069+00:00", "lvl": "INFO", "schema": ["name": "amplifier.log", "ver": "1.0.0"],
            "event": .string(event), "session_id": "s",
        ]
        record.merge(members)
        record["data"] = .object(data)
        return .object(record)
    }

    private func problem(_ record: JSONValue) -> String? {
        do {
            try EventSchema.check(record)
            return nil
        } catch { return "\(error)" }
    }

    @Test("an event of an unknown name is allowed, an unknown or missing field of a known one is not, wherever it stands")
    func strictness() {
        #expect(problem(record("of:others", ["component": "c"], ["any": 1])) == nil)
        #expect(problem(record("prompt:submit", ["prompt": "Hi"], ["prompt": "Hi"])) != nil)
        #expect(problem(record("prompt:submit", [:], ["prompt": "Hi"])) == nil)
        #expect(problem(record("prompt:submit", [:], ["prompt": "Hi", "more": 1]))?.contains("more") == true)
        #expect(problem(record("prompt:submit", [:], [:]))?.contains("prompt") == true)
        #expect(problem(record("prompt:submit", ["lvl": "LOUD"], ["prompt": "Hi"])) != nil)
        #expect(problem(record("prompt:submit", ["ts": "today"], ["prompt": "Hi"])) != nil)
        let raw: JSONObject = ["provider": "vllm", "lvl": "DEBUG", "data": ["path": "/", "request": ["$ref": "sha256:0"], "x": 1]]
        #expect(problem(record("llm:request:raw", ["request_id": "r"], raw))?.contains("x") == true)
    }

    @Test("lnav takes the format", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/lnav")))
    func lnav() async throws {
        try await withTemporaryDirectory { home in
            let format = Recording.testsFolder + "/../docs/vllm-host.lnav.json"
            let check = try await HostProcess.shell(
                "mkdir -p .lnav/formats/f && cp '\(format)' .lnav/formats/f/format.json && lnav -C", home: home)
            #expect(check.code == 0 && check.output + check.errors == "", "\(check.output)\(check.errors)")
        }
    }

    /// The names in EventName.
    private static let names: [String] =
        (try? fileText(sources + "/ProviderKit/Events/EventName.swift")).map { text in
            text.split(separator: "\n").compactMap { line in
                let parts = line.split(separator: "\"")
                return line.contains("public static let") && parts.count > 1 ? String(parts[1]) : nil
            }
        } ?? []

    @Test("every event is in the schema and in docs/events.md, with every field")
    func complete() throws {
        #expect(Self.names.count > 30)
        let definitions = try #require(EventSchema.json.get()["$defs"]?.object)
        let pages = try fileText(Recording.testsFolder + "/../docs/events.md").split(separator: "\n#### ")
        for name in Self.names {
            let definition = try #require(definitions[name], "\(name) is not in the schema")
            let page = try #require(pages.first { $0.hasPrefix("`\(name)`\n") }, "\(name) is not in docs/events.md")
            let table = String(page.prefix { $0 != "#" })
            for field in fields(of: definition) { #expect(table.contains("| `\(field)` |"), "\(name): \(field)") }
        }
        let told = pages.compactMap { $0.hasPrefix("`") ? $0.dropFirst().split(separator: "`").first.map(String.init) : nil }
        #expect(Set(told) == Set(Self.names))
    }

    /// The fields of an event as the tables name them.
    private func fields(of definition: JSONValue) -> [String] {
        let envelope: Set<String> = ["ts", "lvl", "schema", "event", "session_id", "data"]
        let beside = (definition["properties"]?.object?.keys ?? []).filter { !envelope.contains($0) }
        let data = definition["properties"]?["data"]?["properties"]
        let nested = data?["data"]?["properties"]?.object?.keys ?? []
        return beside + (data?.object?.keys ?? []).filter { $0 != "data" }.map { "data.\($0)" } + nested.map { "data.data.\($0)" }
    }
}
