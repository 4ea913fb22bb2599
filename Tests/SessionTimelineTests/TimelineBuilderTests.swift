import JSON
import ProviderKit
import SessionLog
import SessionTimeline
import TestSupport
import Testing
import Timestamps

struct TimelineBuilderTests {
    @Test func `a prompt with a tool is two calls with the tool's run in between, whoever ran the loop`() throws {
        for name in ["tools", "amplifier"] {
            let timeline = try SessionTimeline.read(log: log(name))
            let turn = try #require(timeline.turns.first)
            #expect(turn.prompt == "What is the weather in Paris?")
            #expect(turn.status == "success")
            let kinds = turn.steps.map { if case .call = $0 { "call" } else { "tool" } }
            #expect(kinds == ["call", "tool", "call"])
            let (first, second) = (turn.calls[0], turn.calls[1])
            #expect(first.status == .ok && second.status == .ok)
            #expect(first.requestID?.count == 36 && first.requestID != second.requestID)
            #expect([first.iteration, second.iteration] == [0, 1])
            #expect(first.model == "tiny-chat" && first.endpoint == (name == "tools" ? "completions" : "chat"))
            #expect(first.usage?.inputTokens == 91 && first.usage?.outputTokens == 40)
            #expect([first.finishReason, second.finishReason] == ["tool_calls", "stop"])
            #expect(try #require(first.duration) >= #require(first.timeToFirstToken))
            #expect(first.blocks.map { $0["type"]?.string } == ["thinking", "tool_call"])
            #expect(second.blocks.last?["text"] == "It is sunny and 18°C in Paris.")
            #expect(second.streamedBlocks.map(\.type) == ["thinking", "text"])
            #expect(second.streamedBlocks.map(\.deltas.count) == [5, 11])
            let tool = try #require(turn.tools.first)
            #expect(tool.name == "get_weather" && tool.input == ["location": "Paris"] && tool.error == nil)
            #expect(tool.start != nil && tool.end != nil && tool.result != nil)
            #expect(timeline.turns.count == (name == "tools" ? 1 : 2))
            #expect(timeline.sessionID == first.sessionID && timeline.start != nil && timeline.end != nil)
            #expect(timeline.skippedLines.isEmpty)
        }
    }

    @Test func `every record of a call is known by its line`() throws {
        let calls = try SessionTimeline.read(log: log("tools")).calls
        #expect(calls.map(\.lines) == [Array(3...21), Array(24...51)])
    }

    @Test func `attempts that failed are told with the call, which is one`() throws {
        let call = try #require(SessionTimeline.read(log: log("retries")).calls.first)
        #expect(call.status == .ok && call.failure == nil)
        #expect(call.retries.map(\.attempt) == [1, 2])
        #expect(call.retries.first?.errorType == "ProviderUnavailableError" && call.retries.first?.statusCode == 503)
        #expect(call.retries.allSatisfy { $0.delay != nil })
    }

    @Test(arguments: ["error", "amplifier-error"])
    func `a call that failed says why`(name: String) throws {
        let timeline = try SessionTimeline.read(log: log(name))
        #expect(timeline.calls.count == 1)
        let call = try #require(timeline.calls.first)
        #expect(call.status == .error && call.usage == nil)
        #expect(call.failure?.type == "NetworkError")
        #expect(call.failure?.message.hasPrefix("connection refused by 127.0.0.1:9") == true)
        #expect(timeline.turns.first?.prompt?.hasPrefix("What is") == true)
    }

    @Test func `a prompt ends where its provider fails, unless another one is asked or the loop tells its end`() throws {
        let failed = [
            line(1, "prompt:submit", "", #""prompt": "A""#), line(2, "provider:request", "", #""provider": "a""#),
            line(3, "provider:error", "", #""provider": "a", "error": {"type": "NetworkError", "msg": "refused"}"#),
        ]
        let (asked, told) = (line(4, "provider:request", "", #""provider": "b""#), line(5, "prompt:complete", #""status": "success""#))
        let aborted = line(3, "provider:error", "", #""provider": "a", "error": {"type": "AbortError", "msg": "enough"}"#)
        let logs = [failed, failed + [asked], failed + [asked, told], Array(failed.prefix(2)) + [aborted]]
        let turns = try logs.map { try #require(timeline($0).turns.first) }
        #expect(turns.map(\.status) == ["error", nil, "success", "cancelled"])
        let lengths = turns.map { turn in turn.end.flatMap { end in turn.start.map { end.duration(since: $0) } } }
        #expect(lengths == [.seconds(2), nil, .seconds(4), .seconds(2)])
    }

    @Test func `a log of an older host has its times in data, no ids, and other words for tokens`() throws {
        let timeline = try timeline([
            line(1, "prompt:submit", #""session_id": "s""#, #""prompt": "Hi""#),
            line(2, "provider:request", #""session_id": "s""#, #""provider": "anthropic", "iteration": 0"#),
            line(2, "llm:request", #""session_id": "s""#, #""provider": "anthropic", "model": "m", "message_count": 1"#),
            #"{"lvl":"INFO","event":"llm:response","session_id":"s","status":"ok","duration_ms":1500,"data":"#
                + #"{"timestamp":"2026-11-21T10:00:04.5+00:00","usage":{"input":5,"output":3,"cache_read":2}}}"#,
            line(5, "provider:response", #""session_id": "s""#, #""provider": "anthropic""#),
            line(6, "content_block:end", #""session_id": "s""#, #""block": {"type": "text", "text": "Hello"}"#),
            line(7, "orchestrator:complete", #""session_id": "s""#, #""status": "success""#),
            line(7, "prompt:complete", #""session_id": "s""#),
        ])
        #expect(timeline.calls.count == 1)
        let call = try #require(timeline.calls.first)
        #expect(call.provider == "anthropic" && call.model == "m" && call.status == .ok && call.messageCount == 1)
        #expect(call.duration == .milliseconds(1500))
        #expect(call.end?.description == "2026-11-21T10:00:04.500000000+00:00")
        #expect(call.usage?.inputTokens == 5 && call.usage?.outputTokens == 3 && call.usage?.cacheReadTokens == 2)
        #expect(call.blocks == [["type": "text", "text": "Hello"]])
        #expect(timeline.turns.count == 1 && timeline.turns[0].status == "success")
    }

    @Test func `a provider that tells nothing itself is known from what the loop tells`() throws {
        let timeline = try timeline([
            line(1, "provider:request", #""request_id": "r""#, #""provider": "other""#),
            line(3, "provider:response", #""request_id": "r""#, #""provider": "other", "usage": "input_tokens=7 output_tokens=2""#),
            line(4, "provider:request", "", #""provider": "other""#),
            line(5, "provider:error", #""error": {"type": "AbortError", "msg": "enough"}"#),
        ])
        let calls = timeline.calls
        #expect(calls.map(\.status) == [.ok, .cancelled])
        #expect(calls[0].duration == .seconds(2) && calls[0].usage?.totalTokens == 9)
        #expect(calls[1].failure == nil)
    }

    @Test func `calls and tools that overlap are kept apart, and so are sessions in one log`() throws {
        let (parent, child) = (#""session_id": "p""#, #""session_id": "c""#)
        let timeline = try timeline([
            line(0, "session:start", parent), line(1, "prompt:submit", parent, #""prompt": "A""#),
            line(1, "llm:request", parent + #", "request_id": "1""#, #""model": "m1""#),
            line(2, "llm:request", parent + #", "request_id": "2""#, #""model": "m2""#),
            line(2, "session:start", child, #""parent_id": "p""#), line(2, "prompt:submit", child, #""prompt": "B""#),
            line(3, "llm:request", child + #", "request_id": "1""#, #""model": "m3""#),
            line(4, "llm:response", parent + #", "request_id": "2", "duration_ms": 2, "status": "ok""#),
            line(5, "llm:response", parent + #", "request_id": "1", "duration_ms": 1, "status": "error", "error": "e""#),
            line(6, "tool:pre", parent, #""tool_name": "t", "tool_input": {"n": 1}, "parallel_group_id": "g""#),
            line(6, "tool:pre", parent, #""tool_name": "u", "tool_input": {"n": 2}, "parallel_group_id": "g""#),
            line(7, "tool:error", parent, #""tool_name": "u", "error": {"msg": "broken"}, "parallel_group_id": "g""#),
            line(8, "tool:post", parent, #""tool_name": "t", "result": "done", "parallel_group_id": "g""#),
            line(9, "session:end", child + #", "status": "error", "error": "boom""#),
            line(9, "session:end", parent + #", "status": "ok""#),
        ])
        #expect(timeline.turns.map(\.prompt) == ["A", "B"] && timeline.turns.map(\.sessionID) == ["p", "c"])
        #expect(timeline.turns[0].calls.map(\.model) == ["m1", "m2"] && timeline.turns[0].calls.map(\.status) == [.error, .ok])
        #expect(timeline.turns[1].calls.map(\.model) == ["m3"] && timeline.turns[1].calls.map(\.status) == [.unfinished])
        let tools = timeline.turns[0].tools
        #expect(tools.map(\.name) == ["t", "u"] && tools.map(\.error) == [nil, "broken"] && tools[0].result == "done")
        #expect(timeline.sessionID == "p" && timeline.status == "ok" && timeline.error == nil)
    }

    @Test func `what is outside of any prompt is in a turn of its own`() throws {
        let timeline = try timeline([
            line(1, "prompt:submit", "", #""prompt": "A""#), line(2, "prompt:complete", #""status": "success""#),
            line(3, "llm:request", #""request_id": "1""#), line(4, "prompt:submit", "", #""prompt": "B""#),
        ])
        #expect(timeline.turns.map(\.prompt) == ["A", nil, "B"] && timeline.turns.map(\.calls.count) == [0, 1, 0])
    }

    @Test func `questions, answers and exchanges are kept where the log has them`() throws {
        let raw = { (event: String, data: String) in line(2, event, #""request_id": "1""#, #""data": \#(data)"#) }
        let timeline = try timeline([
            line(1, "llm:request", #""request_id": "1""#, #""stream": true"#),
            raw("llm:call:raw", #"{"request": {"messages": []}, "options": {"temperature": 0}}"#),
            raw("llm:exchange:raw", #"{"path": "/v1/completions", "response": {"chunks": [[5, 10], [7.5, 20]]}}"#),
            raw("llm:response:debug", #"{"response": {"content": ["cut"]}}"#),
            raw("llm:response:raw", #"{"response": {"content": ["whole"], "finish_reason": "length"}}"#),
            line(3, "llm:response", #""request_id": "1", "status": "ok""#),
            line(4, "llm:exchange:raw", "", #""data": {"path": "/health"}"#),
        ])
        let call = try #require(timeline.calls.first)
        #expect(call.request == ["messages": []] && call.options == ["temperature": 0])
        #expect(call.response?["content"] == ["whole"] && call.finishReason == "length")
        #expect(call.debugResponse?["content"] == ["cut"])
        #expect(call.exchanges.count == 1 && call.chunkTimes == [.milliseconds(5), .microseconds(7500)])
    }

    @Test func `what the user should know and belongs to no call is a note`() throws {
        let timeline = try timeline([
            #"{"ts":"2026-11-21T10:00:00Z","lvl":"WARNING","event":"provider:warning","data":{"message":"no limits known"}}"#,
            line(1, "provider:resolve", "", #""provider": "spare", "previous": "main", "error_type": "E", "error_message": "down""#),
            line(2, "log:dropped", "", #""count": 3, "reason": "the disk is full""#),
            #"{"lvl":"ERROR","event":"policy:violation","error":"not allowed"}"#,
            line(3, "something:new", "", #""message": "all is well""#),
        ])
        #expect(
            timeline.notes.map(\.message) == [
                "no limits known", "asks spare instead of main: down", "3 records are missing here: the disk is full", "not allowed",
            ])
        #expect(timeline.notes.allSatisfy { $0.isProblem })
    }

    @Test func `a session that went on has the end of its last part`() throws {
        let timeline = try timeline([
            line(1, "session:start"), line(2, "session:end", #""status": "error", "error": "e""#), line(3, "session:resume"),
        ])
        #expect(timeline.start != nil && timeline.end == nil && timeline.status == nil && timeline.error == nil)
    }

    @Test(arguments: [(#"{"name":"Weather","bundle":"b"}"#, "Weather"), (nil, nil), ("[1", nil)] as [(String?, String?)])
    func `what is written beside the log is there, too, where it can be read`(metadata: String?, name: String?) throws {
        try withTemporaryDirectory { folder in
            try writeFile("\(folder)/events.jsonl", (line(1, "prompt:submit", "", #""prompt": "A""#) + "\n").utf8)
            if let metadata { try writeFile("\(folder)/metadata.json", metadata.utf8) }
            let timeline = try SessionTimeline.read(log: folder)
            #expect(timeline.metadata["name"]?.string == name && timeline.turns.count == 1)
        }
    }

    @Test func `nothing in a log stops it, and nothing is passed over without being counted`() throws {
        let values = ["null", "1e999", "-1", "9223372036854775808", #""x""#, "[]", "{}", "[[1e308,-1],[null],{}]", "true"]
        let names = [
            "session:start", "prompt:submit", "provider:request", "llm:request", "llm:call:raw", "llm:exchange:raw", "provider:retry",
            "llm:stream_block_start", "llm:stream_block_delta", "llm:stream_block_end", "llm:response:raw", "llm:response",
            "provider:response", "content_block:end", "tool:pre", "tool:post", "tool:error", "log:dropped", "prompt:complete",
            "session:end",
        ]
        let keys = [
            "request_id", "session_id", "block_index", "usage", "duration_ms", "time_to_first_token_ms", "delay", "attempt", "error",
            "status", "message_count", "data", "block", "tool_name", "tool_call_id", "timestamp", "count", "prompt", "stream",
        ]
        var lines = ["not JSON", "[1]", "{}", #"{"event":1}"#]
        for name in names {
            for value in values {
                lines.append(
                    #"{"event":"\#(name)","ts":\#(value),"data":{\#(keys.map { #""\#($0)":\#(value)"# }.joined(separator: ","))}}"#)
                lines.append(
                    #"{"event":"\#(name)","request_id":"1","stream":true,"data":{"data":{"path":"completions","response":"#
                        + #"{"chunks":\#(value)}}}}"#)
                lines.append(#"{"event":"\#(name)","data":\#(value)}"#)
            }
        }
        let timeline = try timeline(lines)
        let count = names.count * values.count * 3
        #expect(timeline.recordCount == count)
        #expect(timeline.skippedLines.map(\.line) == [1, 2, 3, 4])
    }
}
