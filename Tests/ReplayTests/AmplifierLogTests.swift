import JSON
import ProviderKit
import SessionLog
import SessionTimeline
import TestSupport
import Testing

@testable import Replay

@Suite struct AmplifierLogTests {
    /// What Amplifier's `hooks-logging` writes of a session of `loop-basic`: spaces, keys in the order of the alphabet, no blocks, no ids of
    /// calls of tools, and an end of the prompt that tells how the answer begins.
    private static let lines = [
        #"{"ts": "T10", "event": "session:start", "data": {"parent_id": null}}"#,
        #"{"ts": "T10", "event": "prompt:submit", "data": {"parent_id": null, "prompt": "What is 2+2?"}}"#,
        #"{"ts": "T10", "event": "provider:request", "data": {"iteration": 0, "provider": "stub"}}"#,
        #"{"ts": "T10", "event": "llm:request", "request_id": "e0", "data": {"message_count": 1, "model": "m", "provider": "stub"}}"#,
        #"{"ts": "T11", "event": "llm:response", "duration_ms": 1000, "request_id": "e0", "status": "ok", "data": {"model": "m"}}"#,
        #"{"ts": "T11", "event": "provider:response", "data": {"provider": "stub", "tool_calls": true, "usage": "input_tokens=5"}}"#,
        #"{"ts": "T11", "event": "tool:pre", "data": {"parallel_group_id": "g", "tool_input": {"s": "hi"}, "tool_name": "echo"}}"#,
        #"{"ts": "T12", "event": "tool:post", "data": {"result": "echo:hi", "tool_input": {"s": "hi"}, "tool_name": "echo"}}"#,
        #"{"ts": "T12", "event": "provider:request", "data": {"iteration": 1, "provider": "stub"}}"#,
        #"{"ts": "T12", "event": "llm:request", "request_id": "50", "data": {"message_count": 3, "model": "m", "provider": "stub"}}"#,
        #"{"ts": "T14", "event": "llm:response", "duration_ms": 2000, "request_id": "50", "status": "ok", "data": {"model": "m"}}"#,
        #"{"ts": "T14", "event": "provider:response", "data": {"provider": "stub", "tool_calls": false}}"#,
        #"{"ts": "T14", "event": "prompt:complete", "data": {"length": 7, "response_preview": "2+2 = 4"}}"#,
        #"{"ts": "T14", "event": "orchestrator:complete", "data": {"orchestrator": "loop-basic", "status": "success", "turn_count": 1}}"#,
        #"{"ts": "T14", "event": "session:end", "data": {"parent_id": null}}"#, "not a record", #"{"ts": "T15", "ev"#,
    ]

    private static func log(_ folder: String) throws -> String {
        let text = lines.map { line in
            line.replacing(#""ts": "T"#, with: #""ts": "2026-11-21T08:29:"#).replacing(
                #"", "event""#,
                with: #".358417069+00:00", "lvl": "INFO", "schema": {"name": "amplifier.log", "ver": "1.0.0"}, "session_id": "s", "event""#)
        }
        try writeFile(folder + "/events.jsonl", text.joined(separator: "\n").utf8)
        return folder + "/events.jsonl"
    }

    @Test("it is played: prompt, tool, answer as far as the log has it")
    func played() throws {
        try withTemporaryDirectory { folder in
            let session = try RecordedSession.read(log: try Self.log(folder))
            #expect(session.timeline.skippedLines.count == 2)
            let kinds = Playback(session).events.map(\.kind)
            #expect(kinds.first == .prompt("What is 2+2?"))
            #expect(kinds.contains(.toolCall(name: "echo", input: #"{"s":"hi"}"#)))
            #expect(kinds.contains(.toolResult(name: "echo", output: "echo:hi", hasFailed: false)))
            let text = kinds.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
            #expect(text == "2+2 = 4")
        }
    }

    @Test("it answers the same prompt again, with the tool first")
    func replayed() async throws {
        try await withTemporaryDirectory { folder in
            let replay = try ReplayProvider(try Self.log(folder))
            let question = Message.user("What is 2+2?")
            let first = try await replay.complete(ChatRequest(messages: [question]))
            let call = try #require(first.toolCalls?.first)
            #expect(call.name == "echo" && call.arguments == ["s": "hi"])
            let messages = [
                question, Message(role: .assistant, content: .blocks(first.content)),
                Message(role: .tool, content: .text("echo:hi"), toolCallID: call.id),
            ]
            #expect(try await replay.complete(ChatRequest(messages: messages)).text == "2+2 = 4")
            #expect(await replay.says("What is 2+3?").contains("no answer"))
        }
    }
}
