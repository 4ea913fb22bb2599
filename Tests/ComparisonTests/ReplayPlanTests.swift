import JSON
import ProviderKit
import SessionTimeline
import Testing

@testable import Comparison

@Suite("Which calls are made again, and how")
struct ReplayPlanTests {
    @Test("Calls that were answered are made again; those that nobody waited for, or whose failure may pass, are not")
    func calls() throws {
        let plan = try ReplayPlan(
            timeline([
                call("a"), call("b", .cancelled), call("c", .unfinished), call("d", .error, failure: "NetworkError"),
                call("e", .error, failure: "ContextLengthError"),
            ]))
        #expect(plan.calls.map(\.number) == [1, 5])
        #expect(plan.notes.count == 3)
        #expect(plan.omissions.isEmpty)
    }

    @Test("A call without a request in the log, or with one that is none, is told and not made")
    func omissions() throws {
        var (unknown, broken) = (call("a"), call("b"))
        unknown.request = nil
        broken.request = ["messages": "none"]
        let plan = try ReplayPlan(timeline([unknown, broken, call("c")]))
        #expect(plan.calls.map(\.number) == [3])
        #expect(
            plan.omissions.map(\.reason) == [
                "the log does not have its request", "its request cannot be read: messages: expected an array, found string",
            ])
    }

    @Test(
        "Calls are chosen by number and by the beginning of their id",
        arguments: [(["2"], [2]), (["id--c"], [3]), (["3", "1", "3"], [1, 3]), (["id--"], [1, 2, 3]), ([], [1, 2, 3])]
            as [([String], [Int])])
    func choice(_ names: [String], _ expected: [Int]) throws {
        var choice = ReplayPlan.Choice()
        choice.names = names
        #expect(try ReplayPlan(timeline([call("id--a"), call("id--b"), call("id--c")]), choice).calls.map(\.number) == expected)
    }

    @Test("A call that there is not is an error", arguments: ["0", "4", "-1", "x", "", "id-", "99999999999999999999"])
    func unknown(_ name: String) {
        var choice = ReplayPlan.Choice()
        choice.names = [name]
        #expect(throws: ReplayPlan.UnknownCall.self) { try ReplayPlan(timeline([call("id--a"), call("4-b"), call("c")]), choice) }
    }

    @Test("No more are made than the limit says")
    func limit() throws {
        var choice = ReplayPlan.Choice()
        choice.limit = 2
        let plan = try ReplayPlan(timeline([call("a", .cancelled), call("b"), call("c"), call("d")]), choice)
        #expect(plan.calls.map(\.number) == [2, 3])
    }

    @Test("A request in which secrets stood is not the one that was made")
    func redacted() throws {
        var call = call("a")
        call.request = ["messages": [["role": "user", "content": "my key is [REDACTED]"]]]
        #expect(try ReplayPlan(timeline([call])).notes == ["call 1 is not asked as it was: secrets in it were not recorded"])
    }

    @Test(
        "A setting that is given anew takes the place of the recorded one, in the options and in the request",
        arguments: [
            (["temperature"], "temperature"), (["top_p"], "top_p"), (["max_tokens"], "max_output_tokens"), (["stop"], "stop"),
            (["reasoning_effort"], "reasoning_effort"), (["tool_choice"], "tool_choice"), (["guided_regex"], "response_format"),
            (["use_streaming"], "stream"), (["timeout"], "timeout"),
        ])
    func settings(_ keys: [String], _ member: String) throws {
        var request = ChatRequest(messages: [.user("hello")])
        request.temperature = 1
        request.topP = 0.5
        request.maxOutputTokens = 10
        request.stop = ["x"]
        request.reasoningEffort = "low"
        request.toolChoice = "auto"
        request.stream = true
        request.timeout = 1
        request.responseFormat = .json
        var call = RecordedCall(number: 1, request: request, options: [keys[0]: 1, "seed": 2], answer: ComparedAnswer())
        #expect(call.request.json[member] != nil)
        call.giveWay(to: keys)
        #expect(call.request.json[member] == nil)
        #expect(call.options == ["seed": 2])
    }

    @Test("Of a setting that has parts, the others stay")
    func part() {
        var call = RecordedCall(
            number: 1, request: ChatRequest(messages: []), options: ["extra_body": ["a": 1, "b": 2]], answer: ComparedAnswer())
        call.giveWay(to: ["extra_body", "a"])
        #expect(call.options == ["extra_body": ["b": 2]])
    }

    @Test("The model is the request's, else the settings', else the one that answered; another one takes the place of all")
    func model() {
        var call = RecordedCall(
            number: 1, request: ChatRequest(messages: [], model: "a"), options: ["model": "b"], answer: ComparedAnswer(model: "c"))
        #expect(call.model == "a")
        call.request.model = nil
        #expect(call.model == "b")
        call.options["model"] = nil
        #expect(call.model == "c")
        call.model = "d"
        #expect(call.request.model == "d")
    }

    private func timeline(_ calls: [ProviderCall]) -> SessionTimeline {
        var timeline = SessionTimeline()
        var turn = PromptTurn()
        turn.steps = calls.map { .call($0) }
        timeline.turns = [turn]
        return timeline
    }

    private func call(_ id: String, _ status: ProviderCall.Status = .ok, failure: String? = nil) -> ProviderCall {
        var call = ProviderCall(requestID: id)
        call.status = status
        call.failure = failure.map { ProviderCall.Failure(type: $0, message: "failed") }
        call.request = ["messages": [["role": "user", "content": "hello"]]]
        return call
    }
}
