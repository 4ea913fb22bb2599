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
            cassette.close()
            let (records, _) = try SessionLogReader.contents(of: folder + "/cassette.jsonl")
            #expect(records.contains { $0.event == EventName.llmResponseRaw })
            #expect(!records.contains { $0.event == EventName.llmExchangeRaw })
        }
    }
}
