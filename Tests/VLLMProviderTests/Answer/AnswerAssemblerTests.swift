import JSON
import ProviderKit
import Testing

@testable import VLLMProvider

@Suite("The blocks of an answer")
struct AnswerAssemblerTests {
    private typealias Piece = AnswerAssembler.Piece

    private func events(
        _ pieces: [(Int, Piece)], wasCut: Bool = false
    ) throws(ProviderError) -> [ProviderEvent] {
        var assembler = AnswerAssembler()
        var events: [ProviderEvent] = []
        for (choice, piece) in pieces { try assembler.add(piece, choice: choice, to: &events) }
        for choice in Set(pieces.map(\.0)).sorted() { try assembler.finish(choice: choice, wasCut: wasCut, to: &events) }
        return events
    }

    private func response(_ events: [ProviderEvent]) -> ChatResponse {
        var gatherer = ResponseGatherer()
        for event in events { gatherer.add(event) }
        return gatherer.response
    }

    @Test("reasoning, text and calls become blocks in their order, numbered from 0")
    func blocks() throws {
        let events = try events([
            (0, .thinking("\n2+2")), (0, .thinking(" is 4.\n")), (0, .text("\n\n")), (0, .text("4")), (0, .text("\n")),
            (0, .toolCall(index: 0, id: "a", name: "f", arguments: nil)), (0, .toolCall(index: 0, id: nil, name: nil, arguments: "{\"x\"")),
            (0, .toolCall(index: 0, id: nil, name: nil, arguments: ": 1}")), (0, .toolCall(index: 1, id: "b", name: "g", arguments: "{}")),
        ])
        #expect(
            response(events).content == [
                .thinking(ThinkingBlock("2+2 is 4.", visibility: .internal)), .text(TextBlock("4")),
                .toolCall(ToolCallBlock(id: "a", name: "f", input: ["x": 1])), .toolCall(ToolCallBlock(id: "b", name: "g", input: [:])),
            ])
        let starts = events.compactMap { if case .blockStarted(let start) = $0 { start.index } else { nil } }
        #expect(starts == [0, 1, 2, 3])
        let deltas = events.compactMap { if case .blockDelta(_, let text) = $0 { text } else { nil } }
        #expect(deltas == ["2+2", " is 4.", "4", "{\"x\"", ": 1}", "{}"])
    }

    @Test("line breaks before a call make no text block")
    func blankContentBeforeCall() throws {
        let events = try events([
            (0, .text("\n")), (0, .text("\n")), (0, .toolCall(index: 0, id: "a", name: "f", arguments: "{}")),
        ])
        #expect(response(events).content == [.toolCall(ToolCallBlock(id: "a", name: "f", input: [:]))])
    }

    @Test("the pieces of several choices are told apart, block numbers are shared")
    func choices() throws {
        let events = try events([(0, .text("He")), (1, .text("Ta")), (0, .text("ads")), (1, .text("ils"))])
        #expect(
            response(events).content == [.text(TextBlock("Heads")), .text(TextBlock("Tails", additional: ["choice": 1]))])
    }

    @Test("arguments that a model wrote as a string of JSON are unwrapped")
    func doubleEncoded() throws {
        let events = try events([(0, .toolCall(index: 0, id: "a", name: "f", arguments: #""{\"x\": [1]}""#))])
        #expect(response(events).toolCalls == [ToolCall(id: "a", name: "f", arguments: ["x": [1]])])
    }

    @Test("of two calls with one id the second gets another, and that is told")
    func repeatedID() throws {
        var assembler = AnswerAssembler()
        var events: [ProviderEvent] = []
        for index in 0..<2 {
            try assembler.add(.toolCall(index: index, id: "a", name: "f", arguments: "{\"x\": \(index)}"), choice: 0, to: &events)
        }
        try assembler.finish(choice: 0, wasCut: false, to: &events)
        let calls = try #require(response(events).toolCalls)
        #expect(calls.map(\.arguments) == [["x": 0], ["x": 1]])
        #expect(calls[0].id == "a" && calls[1].id != "a" && !calls[1].id.isEmpty)
        #expect(assembler.renamedCalls == [["id": .string(calls[1].id), "name": "f", "server_id": "a"]])
    }

    @Test("malformed arguments are an error with the raw text, never an empty object", arguments: ["{\"x\":", "[1]", "nonsense", "{x: 1}"])
    func malformed(arguments: String) {
        let error = #expect(throws: ProviderError.self) {
            try events([(0, .toolCall(index: 0, id: "a", name: "f", arguments: arguments))])
        }
        #expect(error?.code == .invalidToolCall)
        #expect(error?.details == ["tool_name": "f", "raw_arguments": .string(arguments)])
    }

    @Test("a call that the token limit cut is no call, but its text is kept")
    func cutCall() throws {
        let events = try events([(0, .text("a")), (0, .toolCall(index: 0, id: "c", name: "f", arguments: "{\"x\":"))], wasCut: true)
        let response = response(events)
        #expect(response.content == [.text(TextBlock("a"))])
        #expect(response.metadata?["incomplete_tool_calls"] == [["id": "c", "name": "f", "raw_arguments": "{\"x\":"]])
    }
}
