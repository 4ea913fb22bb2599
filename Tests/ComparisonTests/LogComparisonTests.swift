import JSON
import ProviderKit
import SessionTimeline
import Testing

@testable import Comparison

@Suite("Two logs compared")
struct LogComparisonTests {
    @Test("Calls that ask the same are compared, whatever their order; what is left is compared in order")
    func pairing() {
        let comparison = compare(
            [call("1", "one", "1"), call("2", "two", "2"), call("3", "three", "3")],
            [call("a", "two", "2"), call("b", "four", "4"), call("c", "one", "1")])
        #expect(comparison.calls.map { "\($0.old.requestID ?? "")\($0.new.requestID ?? "")" } == ["1c", "2a", "3b"])
        #expect(comparison.calls.map(\.isSameRequest) == [true, true, false])
        #expect(comparison.calls.map(\.prompt) == ["one", "two", "three"])
        #expect(comparison.verdict == .different)
    }

    @Test("Equal questions are compared in their order")
    func equal() {
        let comparison = compare([call("1", "q", "x"), call("2", "q", "y")], [call("a", "q", "x"), call("b", "q", "y")])
        #expect(comparison.verdict == .same)
    }

    @Test("The ids of tool calls do not make another question of one, as long as results belong to the same calls")
    func toolCallIDs() {
        let history = { (first: String, second: String, result: String) -> JSONValue in
            let calls: JSONValue = [
                ["type": "tool_call", "id": .string(first), "name": "f", "input": [:]],
                ["type": "tool_call", "id": .string(second), "name": "f", "input": [:]],
            ]
            return [
                "messages": [
                    ["role": "assistant", "content": calls], ["role": "tool", "tool_call_id": .string(result), "content": "42"],
                ]
            ]
        }
        #expect(RequestIdentity(history("a", "b", "a")) == RequestIdentity(history("x", "y", "x")))
        #expect(RequestIdentity(history("a", "b", "a")) != RequestIdentity(history("x", "y", "y")))
    }

    @Test("A call that the other session has not leaves the comparison incomplete; one that did not end does not count")
    func missing() {
        var cancelled = call("2", "two", "")
        cancelled.status = .cancelled
        let (one, two) = (call("1", "one", "1"), call("2", "two", "2"))
        #expect(compare([one], [one, two]).omissions.map(\.isNew) == [true])
        #expect(compare([one, two], [one]).omissions.map(\.number) == [2])
        #expect(compare([one, two], [one]).verdict == .incomplete)
        let stopped = compare([one, cancelled], [one])
        #expect(stopped.verdict == .same)
        #expect(stopped.notes == ["1 call of the old session did not end, and are not compared"])
    }

    @Test("Logs without raw records are compared by what the loop told")
    func blocks() {
        var (old, new) = (ProviderCall(requestID: "1"), ProviderCall(requestID: "2"))
        (old.status, new.status) = (.ok, .ok)
        old.blocks = [
            ["type": "text", "text": "hello"], ["type": "tool_call", "id": "x", "name": "f", "arguments": ["a": 1]],
        ]
        new.blocks = [
            ["type": "text", "text": "hello"], ["type": "tool_call", "id": "y", "name": "f", "arguments": ["a": 2]],
        ]
        let comparison = compare([old], [new])
        #expect(comparison.calls[0].isSameRequest == nil)
        #expect(comparison.calls[0].differences == [.toolCalls])
        #expect(comparison.calls[0].answers[0].toolCalls[0].arguments.map(\.path) == ["/a"])
    }

    @Test("Of a call that failed, the error is compared")
    func failure() {
        var (old, new) = (call("1", "q", ""), call("2", "q", ""))
        (old.status, new.status) = (.error, .error)
        (old.response, new.response) = (nil, nil)
        old.error = ProviderError(.contextLength, "too long").json
        new.error = ProviderError(.invalidRequest, "no such thing").json
        #expect(compare([old], [old]).verdict == .same)
        #expect(compare([old], [new]).calls[0].differences == [.failure])
    }

    @Test("What a log says instead of an answer does no harm", arguments: [.null, 1, "x", [], ["content": 1]] as [JSONValue])
    func hostile(_ response: JSONValue) {
        var call = call("1", "q", "a")
        call.response = response
        call.error = response
        call.request = response
        call.blocks = [["type": "text"], [:], ["type": 3]]
        let comparison = compare([call], [call])
        #expect(comparison.verdict == .incomplete)
        #expect(comparison.omissions.map(\.reason) == ["neither log has the answer"])
    }

    @Test("Logs in which nothing can be compared are not the same")
    func nothing() {
        var cancelled = call("1", "q", "")
        cancelled.status = .cancelled
        #expect(compare([cancelled], [cancelled]).verdict == .incomplete)
        var (old, new) = (call("1", "q", ""), call("2", "q", "x"))
        old.response = nil
        #expect(compare([old], [old]).verdict == .incomplete)
        #expect(compare([old, call("3", "r", "y")], [old, call("4", "r", "z")]).verdict == .different)
        // One has an answer: that is a difference.
        #expect(compare([old], [new]).verdict == .different)
        new.response = nil
        #expect(compare([call("1", "q", "x")], [new]).verdict == .different)
    }

    @Test("An answer whose texts were cut is none: the call is not compared, whichever log has it so")
    func cut() throws {
        let whole = call("1", "q", "all of it")
        var cut = call("2", "q", "")
        cut.debugResponse = ["content": [["type": "text", "text": "all…"]], "finish_reason": "stop"]
        cut.response = nil
        let (first, second) = (compare([cut], [whole]), compare([whole], [cut]))
        #expect(first.verdict == .incomplete && first.calls.isEmpty)
        #expect(first.omissions.map(\.reason) == ["the old log has the answer with its texts cut alone"])
        #expect(second.verdict == .incomplete)
        #expect(second.omissions.map(\.reason) == ["the new log has the answer with its texts cut alone"])
        let plan = try ReplayPlan(timeline([cut]))
        #expect(plan.calls.isEmpty && plan.omissions.map(\.reason) == ["the log has its answer with the texts cut alone"])
        // What the loop told is whole.
        cut.blocks = [["type": "text", "text": "all of it"]]
        cut.finishReason = "stop"
        #expect(compare([cut], [whole]).verdict == .same)
    }

    private func compare(_ old: [ProviderCall], _ new: [ProviderCall]) -> SessionComparison {
        SessionComparison(timeline(old), timeline(new), old: ComparedSession(label: "old"), new: ComparedSession(label: "new"))
    }

    private func timeline(_ calls: [ProviderCall]) -> SessionTimeline {
        var timeline = SessionTimeline()
        var turn = PromptTurn()
        turn.steps = calls.map { .call($0) }
        timeline.turns = [turn]
        return timeline
    }

    private func call(_ id: String, _ question: String, _ answer: String) -> ProviderCall {
        var call = ProviderCall(requestID: id)
        call.status = .ok
        call.request = ["messages": [["role": "user", "content": .string(question)]]]
        call.response = ["content": [["type": "text", "text": .string(answer)]], "finish_reason": "stop"]
        return call
    }
}
