import SessionTimeline
import Testing

struct PromptTurnTests {
    @Test func `a prompt tells its calls and its tools apart, each in order`() {
        var turn = PromptTurn()
        turn.steps = [.call(ProviderCall(requestID: "1")), .tool(ToolRun(name: "weather")), .call(ProviderCall(requestID: "2"))]
        #expect(turn.calls.map(\.requestID) == ["1", "2"])
        #expect(turn.tools.map(\.name) == ["weather"])
    }
}
