import Foundation
import HostSession
import JSON
import ProviderKit
import SessionLog
import TestSupport
import Testing

@Suite("A session's conversation beside its log")
struct ResumingTests {
    private func folder(of session: HostSession) -> String { String(session.recorder.logPath.dropLast("/events.jsonl".count)) }

    private func transcript(_ folder: String) throws -> [JSONValue] {
        try fileText(folder + "/transcript.jsonl").split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
    }

    private func metadata(_ folder: String) throws -> JSONValue {
        try JSONValue(parsing: Array(try fileText(folder + "/metadata.json").utf8))
    }

    private func resume(_ host: Host, _ folder: String, system: String? = nil) throws -> HostSession {
        let recorder = try SessionRecorder(resuming: ResumedSession(logPath: folder + "/events.jsonl"))
        return try host.session(recorder: recorder, system: system)
    }

    /// A session of one prompt, closed.
    private func session(_ root: String, _ prompt: String = "My name is Sam.") async throws -> String {
        let session = try Host(root, ScriptedProvider([.text("Hi, Sam!")])).session(system: "Be brief.")
        _ = try await session.execute(prompt)
        await session.close()
        session.recorder.finish()
        return folder(of: session)
    }

    @Test("transcript and metadata are those of Amplifier: a message a line, without the system message; the first prompt is the name")
    func shapes() async throws {
        try await withTemporaryDirectory { root in
            let calls = [ToolCall(id: "c", name: "echo", arguments: ["s": "hi"])]
            let session = try Host(root, ScriptedProvider([.calls(calls), .text("Done."), .text("Bye.")]))
                .session(tools: [TestTool("echo") { _ in "hi" }], system: "Be brief.")
            _ = try await session.execute("\nEcho hi.\nPlease.")
            _ = try await session.execute("Thanks.")
            await session.close()
            #expect(session.conversationLoss == nil)

            let folder = folder(of: session)
            let lines = try transcript(folder)
            #expect(lines == session.messages.dropFirst().map(\.json))
            #expect(lines.map { $0["role"]?.string } == ["user", "assistant", "tool", "assistant", "user", "assistant"])
            let metadata = try metadata(folder)
            #expect(metadata["session_id"]?.string == session.id)
            #expect(metadata["turn_count"] == 2)
            #expect(metadata["name"] == "Echo hi.")
            #expect(metadata["provider"] == "scripted")
            #expect(metadata["system_message"] == "Be brief.")
            #expect(metadata["created"]?.string?.hasSuffix("+00:00") == true)
            #expect(metadata["working_dir"]?.string?.hasPrefix("/") == true)
            #expect(try fileText(folder + "/metadata.json").hasPrefix("{\n  \""))
            for name in ["transcript.jsonl", "metadata.json"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
        }
    }

    @Test("a session that is resumed goes on behind what was said, in its own log, with its system message unless another is given")
    func resumed() async throws {
        try await withTemporaryDirectory { root in
            let folder = try await session(root)
            let provider = ScriptedProvider([.text("Sam."), .text("Sam!")])
            let again = try resume(Host(root, provider), folder)
            #expect(again.messages.map(\.content.plainText) == ["Be brief.", "My name is Sam.", "Hi, Sam!"])
            _ = try await again.execute("What is my name?")
            await again.close()
            again.recorder.finish()
            let events = try again.records.map(\.event)
            #expect(events.filter { $0.hasPrefix("session:") } == ["session:start", "session:end", "session:resume", "session:end"])
            #expect(provider.requests.first?.messages.count == 4)
            #expect(try transcript(folder).count == 4)
            #expect(try metadata(folder)["turn_count"] == 2)
            #expect(try metadata(folder)["name"] == "My name is Sam.")

            let third = try resume(Host(root, provider), folder, system: "Be loud.")
            #expect(third.system == "Be loud.")
            #expect(third.messages.count == 5)
            await third.close()
        }
    }

    @Test("what metadata.json says goes with an open session, without being asked for", .timeLimit(.minutes(2)))
    func whileOpen() async throws {
        try await withTemporaryDirectory { root in
            let session = try Host(root, ScriptedProvider([.text("One."), .text("Two.")])).session()
            let folder = folder(of: session)
            for turn in 1...2 {
                _ = try await session.execute("Turn \(turn).")
                while (try? metadata(folder))?["turn_count"]?.int != turn { await Task.yield() }
                #expect(try transcript(folder).count == 2 * turn)
            }
            session.system = "Be brief."
            while try metadata(folder)["system_message"] != "Be brief." { await Task.yield() }
            await session.close()
        }
    }

    @Test("what others have put into metadata.json stays")
    func foreignMetadata() async throws {
        try await withTemporaryDirectory { root in
            let folder = try await session(root)
            try writeFile(
                folder + "/metadata.json", Array(#"{"bundle": "b", "name": "Names", "created": "2026-01-21T19:29:07+00:00"}"#.utf8))
            let again = try resume(Host(root, ScriptedProvider([.text("Sam.")])), folder)
            _ = try await again.execute("What is my name?")
            await again.close()
            let metadata = try metadata(folder)
            #expect(metadata["bundle"] == "b")
            #expect(metadata["name"] == "Names")
            #expect(metadata["created"] == "2026-01-21T19:29:07+00:00")
        }
    }

    @Test("a prompt that fails is no part of the transcript; what was said of a cancelled answer is")
    func failures() async throws {
        try await withTemporaryDirectory { root in
            let provider = ScriptedProvider([
                .broken([], ProviderError(.invalidRequest, "no")), .broken([.text(TextBlock("Hm"))], ProviderError(.cancelled, "stopped")),
            ])
            let session = try Host(root, provider).session()
            await #expect(throws: ProviderError.self) { try await session.execute("One") }
            await #expect(throws: ProviderError.self) { try await session.execute("Two") }
            await session.close()
            #expect(try transcript(folder(of: session)) == session.messages.map(\.json))
        }
    }

    @Test("a conversation that was forgotten makes room for the next one, and is kept as .backup")
    func forgotten() async throws {
        try await withTemporaryDirectory { root in
            let folder = try await session(root, "1")
            let again = try resume(Host(root, ScriptedProvider([.text("b")])), folder)
            again.forget()
            _ = try await again.execute("2")
            await again.close()
            #expect(try transcript(folder).map { $0["content"]?.string ?? $0["content"]?[0]?["text"]?.string } == ["2", "b"])
            #expect(try fileText(folder + "/transcript.jsonl.backup").contains(#""1""#))
        }
    }

    @Test("what was forgotten stays forgotten when the session ends without another answer; a new system message is kept as well")
    func forgottenAtTheEnd() async throws {
        try await withTemporaryDirectory { root in
            let folder = try await session(root, "my secret plan")
            let again = try resume(Host(root, ScriptedProvider([])), folder)
            again.forget()
            again.forget()
            again.system = "Be loud."
            await again.close()
            again.recorder.finish()
            #expect(try fileText(folder + "/transcript.jsonl").isEmpty)
            #expect(try fileText(folder + "/transcript.jsonl.backup").contains("my secret plan"))
            #expect(try metadata(folder)["system_message"] == "Be loud.")
            let third = try resume(Host(root, ScriptedProvider([.text("b")])), folder)
            #expect(third.messages.map(\.content.plainText) == ["Be loud."])
            _ = try await third.execute("2")
            await third.close()
            #expect(try transcript(folder).count == 2)
        }
    }

    @Test("a transcript that was damaged is emptied, too, when its conversation is forgotten")
    func forgottenDamaged() async throws {
        try await withTemporaryDirectory { root in
            let folder = try await session(root)
            try writeFile(folder + "/transcript.jsonl", Array(#"{"role":"user","content":"my secr"#.utf8))
            let again = try resume(Host(root, ScriptedProvider([])), folder)
            again.forget()
            await again.close()
            #expect(try fileText(folder + "/transcript.jsonl").isEmpty)
        }
    }

    @Test("an answer that comes when its conversation was forgotten does not bring that back")
    func forgottenMeanwhile() async throws {
        try await withTemporaryDirectory { root in
            let session = try Host(root, ScriptedProvider([.text("a"), .text("b")])).session()
            _ = try await session.execute("1")
            _ = try await session.execute("2") { _ in session.forget() }
            await session.close()
            #expect(session.messages.isEmpty)
            #expect(try resume(Host(root, ScriptedProvider([])), ended(session)).messages.isEmpty)
        }
    }

    /// The folder of a session, which has ended.
    private func ended(_ session: HostSession) -> String {
        session.recorder.finish()
        return folder(of: session)
    }

    @Test(
        "a damaged metadata.json is said, and kept beside the one that takes its place",
        arguments: ["", #"{"parent_id":"x","bundle":"b","sys"#, "[1]"])
    func damagedMetadata(text: String) async throws {
        try await withTemporaryDirectory { root in
            let folder = try await session(root)
            try writeFile(folder + "/metadata.json", Array(text.utf8))
            let resumed = try ResumedSession(logPath: folder + "/events.jsonl")
            #expect(resumed.conversation.warnings.count == 1)
            #expect(resumed.conversation.warnings.first?.contains("metadata.json.backup") == true)
            let again = try Host(root, ScriptedProvider([.text("Sam.")])).session(recorder: SessionRecorder(resuming: resumed))
            _ = try await again.execute("What is my name?")
            await again.close()
            #expect(try fileText(folder + "/metadata.json.backup") == text)
            #expect(try metadata(folder)["turn_count"] == 2)
            #expect(try transcript(folder).count == 4)
        }
    }

    @Test("the id is the name of the session's folder, whichever way leads there; only the log that is written is one to go on in")
    func names() async throws {
        try await withTemporaryDirectory { root in
            let folder = try await session(root)
            let id = try #require(folder.split(separator: "/").last)
            try FileManager.default.createSymbolicLink(atPath: root + "/link", withDestinationPath: folder)
            for path in [folder + "/./events.jsonl", folder + "/../\(id)/./events.jsonl", root + "/link/events.jsonl"] {
                #expect(try ResumedSession(logPath: path).sessionID == id)
            }
            for name in ["other.jsonl", "events.000001.jsonl.zst"] {
                let error = #expect(throws: HostError.self) { try ResumedSession(logPath: folder + "/" + name) }
                #expect(error?.code == .resume && error?.message.contains(name) == true)
            }
        }
    }

    @Test(
        "a transcript that was cut off inside a turn goes on at its prompt or the last answer, and says what is left out",
        arguments: [
            (["user", "call"], 1, "1 message before it"), (["user", "call", "tool"], 1, "2 messages before it"),
            (["user", "answer"], 2, nil), (["user", "answer", "user"], 3, nil),
            (["user", "answer", "user", "blocks", "tool"], 3, "2 messages"),
        ])
    func tornTurn(kinds: [String], kept: Int, told: String?) async throws {
        let lines = [
            "user": #"{"role":"user","content":"Weather?"}"#, "answer": #"{"role":"assistant","content":"Fine."}"#,
            "call": #"{"role":"assistant","content":null,"tool_calls":[{"id":"c","tool":"f","arguments":{}}]}"#,
            "blocks": #"{"role":"assistant","content":[{"type":"tool_call","id":"c","name":"f","input":{}}]}"#,
            "tool": #"{"role":"tool","tool_call_id":"c","content":"ok"}"#,
        ]
        try await withTemporaryDirectory { root in
            let folder = try await session(root)
            let text = kinds.compactMap { lines[$0] }.joined(separator: "\n") + "\n" + #"{"role":"assi"#
            try writeFile(folder + "/transcript.jsonl", Array(text.utf8))
            let conversation = try ResumedSession(logPath: folder + "/events.jsonl").conversation
            #expect(conversation.messages.count == kept)
            let warning = try #require(conversation.warnings.first)
            #expect(warning.contains("line \(kinds.count + 1) is cut off"))
            #expect(told.map { warning.contains($0) } ?? !warning.contains("before it"))
        }
    }

    @Test("a last line that was cut off is left out, and the next answer mends the file")
    func torn() async throws {
        try await withTemporaryDirectory { root in
            let folder = try await session(root)
            let whole = try fileText(folder + "/transcript.jsonl")
            try writeFile(folder + "/transcript.jsonl", Array((whole + #"{"role":"user","cont"#).utf8))
            let resumed = try ResumedSession(logPath: folder + "/events.jsonl")
            #expect(resumed.conversation.messages.count == 2)
            #expect(resumed.conversation.warnings.count == 1)
            #expect(resumed.conversation.warnings.first?.contains("line 3") == true)
            let again = try Host(root, ScriptedProvider([.text("Sam.")])).session(recorder: SessionRecorder(resuming: resumed))
            _ = try await again.execute("What is my name?")
            await again.close()
            #expect(try transcript(folder).count == 4)
        }
    }

    @Test("a line without its line feed is whole all the same, and what comes begins a new one")
    func withoutLineFeed() async throws {
        try await withTemporaryDirectory { root in
            let folder = try await session(root)
            let whole = try fileText(folder + "/transcript.jsonl")
            try writeFile(folder + "/transcript.jsonl", Array(whole.dropLast().utf8))
            let again = try resume(Host(root, ScriptedProvider([.text("Sam.")])), folder)
            #expect(again.messages.count == 3)
            _ = try await again.execute("What is my name?")
            await again.close()
            #expect(try transcript(folder).count == 4)
        }
    }

    @Test("the transcripts of Amplifier's loops are read: calls without text, results, system messages")
    func amplifier() async throws {
        try await withTemporaryDirectory { root in
            let folder = try await session(root)
            let lines = [
                #"{"role": "system", "content": "Old."}"#, #"{"role": "user", "content": "Hi"}"#,
                #"{"role": "assistant", "content": null, "tool_calls": [{"id": "c", "tool": "f", "arguments": {}}]}"#, "",
                #"{"role": "tool", "name": "f", "tool_call_id": "c", "content": "ok"}"#,
            ]
            try writeFile(folder + "/transcript.jsonl", Array((lines.joined(separator: "\n") + "\n").utf8))
            let conversation = try ResumedSession(logPath: folder + "/events.jsonl").conversation
            #expect(conversation.messages.map(\.role.rawValue) == ["user", "assistant", "tool"])
            #expect(conversation.messages[1].additional["tool_calls"]?[0]?["tool"] == "f")
            #expect(conversation.warnings.isEmpty)
        }
    }

    @Test("what cannot be resumed says why: no transcript, a line that is no message, a session that another one has")
    func refused() async throws {
        func error(_ folder: String) -> HostError? {
            do {
                _ = try ResumedSession(logPath: folder + "/events.jsonl")
                return nil
            } catch { return error }
        }
        try await withTemporaryDirectory { root in
            let session = try Host(root, ScriptedProvider([.text("a")])).session()
            _ = try await session.execute("1")
            let folder = folder(of: session)
            let used = try #require(error(folder))
            #expect(used.code == .resume && used.message.contains("in use"))
            await session.close()
        }
        try await withTemporaryDirectory { root in
            let folder = try await self.session(root)
            try writeFile(folder + "/transcript.jsonl", Array("{\"role\":\"user\",\"content\":\"a\"}\n{\"role\":1}\n{}\n".utf8))
            #expect(error(folder)?.message.contains("transcript.jsonl, line 2: this is no message") == true)
            try FileManager.default.moveItem(atPath: folder + "/metadata.json", toPath: folder + "/aside")
            try FileManager.default.createDirectory(atPath: folder + "/metadata.json", withIntermediateDirectories: false)
            #expect(error(folder)?.message.contains("cannot read \(folder)/metadata.json") == true)
            try FileManager.default.removeItem(atPath: folder + "/metadata.json")
            try FileManager.default.removeItem(atPath: folder + "/transcript.jsonl")
            #expect(error(folder)?.message.contains("has no transcript") == true)
            #expect(error(folder)?.hint != nil)
        }
    }

    @Test("a folder that takes no files fails no answer, and it is said")
    func unwritable() async throws {
        try await withTemporaryDirectory { root in
            let session = try Host(root, ScriptedProvider([.text("a")])).session()
            // In the way of the file.
            try FileManager.default.createDirectory(atPath: folder(of: session) + "/transcript.jsonl", withIntermediateDirectories: false)
            #expect(try await session.execute("1").response.text == "a")
            await session.close()
            #expect(session.conversationLoss?.contains("transcript.jsonl") == true)
        }
    }

    @Test("secrets are in neither file")
    func secrets() async throws {
        try await withTemporaryDirectory { root in
            let session = try Host(root, ScriptedProvider([.text("No planted-key-1!")])).session(system: "planted-key-1")
            session.recorder.keepSecret(["planted-key-1"])
            _ = try await session.execute("Is planted-key-1 good?")
            await session.close()
            let folder = folder(of: session)
            for name in ["transcript.jsonl", "metadata.json"] {
                let text = try fileText(folder + "/" + name)
                #expect(!text.contains("planted") && text.contains("[REDACTED]"))
            }
        }
    }
}
