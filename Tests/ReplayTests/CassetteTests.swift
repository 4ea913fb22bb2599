import JSON
import ProviderKit
import SessionLog
import TestSupport
import Testing

@testable import Replay

@Suite struct CassetteTests {
    @Test("what a provider tells of a call that was given up, and of calls that never began, is not kept")
    func late() throws {
        try withTemporaryDirectory { folder in
            let cassette = Cassette(path: folder + "/cassette.jsonl", sessionID: "s", mode: .new)
            func tell(_ text: String) {
                cassette.collect(SessionEvent(EventName.llmExchangeRaw, ["request_id": "r", "text": .string(text)]), of: "r")
            }
            tell("before it began")
            cassette.begin("r")
            tell("while it was wanted")
            cassette.discard("r")
            tell("behind its end")
            let answer = ChatResponse(content: [.text(TextBlock("x"))])
            let problem = cassette.record(ChatRequest(messages: []), options: [:], .answered(answer), requestID: "r", provider: "p")
            #expect(problem == nil)
            #expect(cassette.close() == nil)
            let (records, _) = try SessionLogReader.contents(of: folder + "/cassette.jsonl")
            #expect(records.contains { $0.event == EventName.llmResponseRaw })
            #expect(!records.contains { $0.event == EventName.llmExchangeRaw })
        }
    }

    @Test("a call that is larger than what may wait for the disk is recorded whole")
    func large() throws {
        try withTemporaryDirectory { folder in
            let path = folder + "/cassette.jsonl"
            let cassette = Cassette(path: path, sessionID: "s", mode: .new, options: SessionLogOptions(queueSize: 8192))
            cassette.begin("r")
            for number in 0..<20 {
                let picture = String(repeating: "\(number % 10)", count: 6000)
                cassette.collect(
                    SessionEvent(EventName.llmExchangeRaw, ["request_id": "r", "lvl": "DEBUG", "body": .string(picture)]), of: "r")
            }
            #expect(record(in: cassette) == nil)
            #expect(cassette.close() == nil)
            let (records, _) = try SessionLogReader.contents(of: path)
            #expect(records.count { $0.event == EventName.llmExchangeRaw } == 20)
            #expect(records.contains { $0.event == EventName.llmCallRaw })
            #expect(!records.contains { $0.event == "log:dropped" })
        }
    }

    @Test("records that are missing in a cassette are told, once")
    func lost() throws {
        try withTemporaryDirectory { folder in
            let cassette = Cassette(
                path: folder + "/cassette.jsonl", sessionID: "s", mode: .new, options: SessionLogOptions(queueSize: 2048))
            for isFirst in [true, false] {
                cassette.begin("r")
                for _ in 0..<50 {
                    cassette.collect(SessionEvent(EventName.llmStreamBlockDelta, ["request_id": "r", "text": "piece"]), of: "r")
                }
                #expect((record(in: cassette)?.reason.contains("full") == true) == isFirst)
            }
            #expect(cassette.close() == nil)
        }
    }

    private func record(in cassette: Cassette) -> SessionLogError? {
        cassette.record(
            ChatRequest(messages: []), options: [:], .answered(ChatResponse(content: [])), requestID: "r", provider: "p")
    }
}
