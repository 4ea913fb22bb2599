import JSON
import ProviderKit
import Testing

@testable import VLLMProvider

@Suite("Calls whose pieces come in any order")
struct InterleavedCallTests {
    private typealias Piece = AnswerAssembler.Piece

    private func events(_ pieces: [Piece], wasCut: Bool = false) throws(ProviderError) -> [ProviderEvent] {
        var assembler = AnswerAssembler()
        var events: [ProviderEvent] = []
        for piece in pieces { try assembler.add(piece, choice: 0, to: &events) }
        try assembler.finish(choice: 0, wasCut: wasCut, to: &events)
        return events
    }

    private func response(_ events: [ProviderEvent]) -> ChatResponse {
        var gatherer = ResponseGatherer()
        for event in events { gatherer.add(event) }
        return gatherer.response
    }

    /// Whether each block has one start and one end, and its deltas in between.
    private func isWellFormed(_ events: [ProviderEvent]) -> Bool {
        var open: Set<Int> = []
        var count = 0
        for event in events {
            switch event {
            case .blockStarted(let start):
                guard start.index == count else { return false }
                open.insert(start.index)
                count += 1
            case .blockDelta(let index, let text): guard open.contains(index), !text.isEmpty else { return false }
            case .blockEnded(let index, _): guard open.remove(index) != nil else { return false }
            default: break
            }
        }
        return open.isEmpty
    }

    private static func delta(_ index: Int, _ arguments: String) -> Piece {
        .toolCall(index: index, id: nil, name: nil, arguments: arguments)
    }

    @Test("the pieces of several calls are joined by their numbers")
    func interleaved() throws {
        let events = try events([
            .toolCall(index: 0, id: "a", name: "f", arguments: nil), .toolCall(index: 1, id: "b", name: "g", arguments: "{\"y\""),
            Self.delta(0, "{\"x\""), Self.delta(1, ": 2}"), Self.delta(0, ": 1}"), .toolCall(index: 2, id: "c", name: "h", arguments: "{}"),
        ])
        #expect(isWellFormed(events))
        #expect(
            response(events).toolCalls == [
                ToolCall(id: "a", name: "f", arguments: ["x": 1]), ToolCall(id: "b", name: "g", arguments: ["y": 2]),
                ToolCall(id: "c", name: "h", arguments: [:]),
            ])
    }

    @Test("a call that is complete ends when the next block begins, one that is not goes on")
    func ends() throws {
        var assembler = AnswerAssembler()
        var events: [ProviderEvent] = []
        try assembler.add(.toolCall(index: 0, id: "a", name: "f", arguments: "{}"), choice: 0, to: &events)
        try assembler.add(.toolCall(index: 1, id: "b", name: "g", arguments: "{"), choice: 0, to: &events)
        let ended = events.compactMap { if case .blockEnded(let index, _) = $0 { index } else { nil } }
        #expect(ended == [0])
        #expect(throws: ProviderError.self) { try assembler.add(Self.delta(0, "{}"), choice: 0, to: &events) }
    }

    @Test("calls of one number with ids of their own are several calls")
    func sameNumber() throws {
        let events = try events([
            .toolCall(index: 0, id: "a", name: "f", arguments: "{\"x\": 1}"), .toolCall(index: 0, id: "b", name: "g", arguments: "{}"),
            Self.delta(0, "\n"),
        ])
        #expect(isWellFormed(events))
        #expect(response(events).toolCalls?.map(\.id) == ["a", "b"])
    }

    @Test("arguments that come before the name wait for it")
    func lateName() throws {
        let events = try events([
            .toolCall(index: 0, id: "a", name: nil, arguments: "{\"x\""), .toolCall(index: 0, id: nil, name: "f", arguments: ": 1}"),
        ])
        #expect(isWellFormed(events))
        #expect(response(events).toolCalls == [ToolCall(id: "a", name: "f", arguments: ["x": 1])])
    }

    @Test("a call that is never named is an error, and where the answer was cut its text is kept")
    func nameless() throws {
        let error = #expect(throws: ProviderError.self) { try events([Self.delta(0, "{\"x\": 1}")]) }
        #expect(error?.code == .invalidToolCall)
        #expect(error?.details["raw_arguments"] == "{\"x\": 1}")
        let cut = response(try events([Self.delta(0, "{\"x\"")], wasCut: true))
        #expect(cut.metadata?["incomplete_tool_calls"]?[0]?["raw_arguments"] == "{\"x\"")
    }

    @Test("a cut answer keeps the calls that were complete, and makes none of a name without arguments")
    func cut() throws {
        let response = response(
            try events(
                [
                    .toolCall(index: 0, id: "a", name: "f", arguments: "{}"),
                    .toolCall(index: 1, id: "b", name: "g", arguments: "{\"x\": {}"),
                    .toolCall(index: 2, id: "c", name: "h", arguments: nil),
                ], wasCut: true))
        #expect(response.toolCalls?.map(\.name) == ["f"])
        let incomplete = response.metadata?["incomplete_tool_calls"]?.array
        #expect(incomplete?.map { $0["name"] } == ["g", "h"])
    }
}
