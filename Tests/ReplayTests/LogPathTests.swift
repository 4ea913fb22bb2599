import Configuration
import Foundation
import JSON
import TestSupport
import Testing

@testable import Replay

@Suite struct LogPathTests {
    @Test(
        "a name means a session where answers are looked up and it is no word that an id may begin with, and never where they are recorded",
        arguments: [
            ("cafe", "none", false), ("cafef00d", "none", true), ("cafef00d-1111", "none", true), ("other", "none", true),
            ("cafef00d", "new", false), ("cafef00d-1111", "once", false), ("other", "all", false),
        ])
    func names(_ name: String, _ mode: String, _ isSession: Bool) throws {
        try withTemporaryDirectory { home in
            for id in ["cafef00d-1111", "other"] {
                let folder = "\(home)/projects/-x/sessions/\(id)"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try writeFile(folder + "/events.jsonl", "{}\n".utf8)
            }
            let configuration = ConfigurationNode(
                json: ["log": .string(name), "record_mode": .string(mode), "provider": ["module": "provider-vllm"]], origin: .default)
            let settings = try ReplaySettings(configuration, path: "config", environment: ["AMPLIFIER_HOME": home])
            #expect((settings.log != name) == isSession, "\(settings.log)")
            #expect(settings.log.hasSuffix("/events.jsonl") == isSession)
        }
    }

    @Test("a folder means the log in it, also where answers are recorded", arguments: ["none", "new"])
    func folder(_ mode: String) throws {
        try withTemporaryDirectory { home in
            let configuration = ConfigurationNode(
                json: ["log": .string(home), "record_mode": .string(mode), "provider": ["module": "provider-vllm"]], origin: .default)
            let settings = try ReplaySettings(configuration, path: "config", environment: [:])
            #expect(settings.log == home + "/events.jsonl")
        }
    }
}
