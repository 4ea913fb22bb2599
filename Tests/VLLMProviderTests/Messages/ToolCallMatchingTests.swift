import ProviderKit
import Testing

@testable import VLLMProvider

@Suite("Matching results with calls")
struct ToolCallMatchingTests {
    @Test(
        "takes time that grows with the length of the conversation alone",
        .timeLimit(.minutes(1)), arguments: ["no id", "no id and no name", "equal ids", "equal ids in turns of their own"])
    func length(kind: String) {
        let count = 30_000
        let hasID = kind.hasPrefix("equal")
        let calls = (0..<count).map { Turn.Call(id: hasID ? "a" : "\($0)", name: "f", arguments: "{}") }
        let result = Turn(
            role: .tool, name: kind == "no id" ? "f" : nil, blocks: [], callID: hasID ? "a" : nil, messageIndex: 0)
        let callers =
            kind == "equal ids in turns of their own"
            ? calls.map { Turn(role: .assistant, blocks: [], calls: [$0], messageIndex: 0) }
            : [Turn(role: .assistant, blocks: [], calls: calls, messageIndex: 0)]
        let matching = ToolCallMatching(callers + Array(repeating: result, count: count))
        #expect(matching.matched.count == count)
        #expect(matching.results.values.joined().count == count)
    }
}
