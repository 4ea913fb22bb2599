import JSON
import SessionLog
import SessionTimeline
import TestSupport
import Testing

struct LogExportTests {
    /// What a log is exported as.
    private func text(
        _ path: String, _ format: LogExport.Format, contents: Bool = false, _ conventions: SemanticConventions = .v141,
        _ filter: CallFilter = CallFilter()
    ) throws -> String {
        var export = LogExport(format, includesContents: contents, conventions: conventions, filter: filter)
        var text = export.begin()
        for record in try SessionLogReader.contents(of: path, unpacksContents: true).records { text += export.add(record) }
        return text + export.endLog() + export.end()
    }

    private func spans(_ text: String) throws -> [JSONValue] {
        try #require(JSONValue(parsing: text)["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]?.array)
    }

    /// The attributes of a span or a point as an object.
    private func attributes(_ span: JSONValue) -> JSONObject {
        JSONObject(
            (span["attributes"]?.array ?? []).map { attribute in
                (attribute["key"]?.string ?? "", attribute["value"]?.object?.first?.value ?? .null)
            })
    }

    private func named(_ name: String, _ spans: [JSONValue]) -> [JSONValue] {
        spans.filter { $0["name"]?.string?.hasPrefix(name) == true }
    }

    @Test(arguments: ["tools", "amplifier"])
    func `a prompt is a trace: a span for the whole, and below it one for each call and each run of a tool`(name: String) throws {
        let exported = try text(log(name), .otlp)
        let spans = try spans(exported)
        let agents = named("invoke_agent", spans)
        let agent = try #require(agents.first)
        let below = spans.filter { $0["parentSpanId"] == agent["spanId"] }
        let operation = name == "tools" ? "text_completion" : "chat"
        #expect(below.map { $0["name"]?.string } == ["\(operation) tiny-chat", "execute_tool get_weather", "\(operation) tiny-chat"])
        #expect(below.allSatisfy { $0["traceId"] == agent["traceId"] } && agents.count == (name == "tools" ? 1 : 2))
        #expect(below.map { $0["kind"]?.int } == [3, 1, 3])
        #expect(Set(spans.compactMap { $0["spanId"]?.string }).count == spans.count)
        #expect(spans.allSatisfy { $0["traceId"]?.string?.count == 32 && $0["spanId"]?.string?.count == 16 })
        let call = attributes(below[0])
        #expect(call["gen_ai.operation.name"]?.string == operation && call["gen_ai.provider.name"] == "vllm")
        #expect(call["gen_ai.request.model"] == "tiny-chat" && call["gen_ai.usage.input_tokens"] == "91")
        #expect(call["gen_ai.response.finish_reasons"]?["values"]?[0]?["stringValue"] == "tool_calls")
        #expect(call["gen_ai.conversation.id"] != nil && call["error.type"] == nil && call["gen_ai.response.time_to_first_chunk"] != nil)
        let (start, end) = (below[0]["startTimeUnixNano"]?.string, below[0]["endTimeUnixNano"]?.string)
        #expect(try #require(start.flatMap { UInt64($0) }) < #require(end.flatMap { UInt64($0) }))
        // The same log gives the same ids.
        #expect(try text(log(name), .otlp) == exported)
    }

    @Test func `retries are events of the call's span, and a failure is its status`() throws {
        let retried = try #require(named("text_completion", spans(text(log("retries"), .otlp))).first)
        #expect(retried["events"]?.array?.count == 2 && retried["status"] == nil)
        #expect(attributes(try #require(retried["events"]?[0]))["http.response.status_code"] == "503")
        let failed = try #require(named("text_completion", spans(text(log("error"), .otlp))).first)
        #expect(failed["status"]?["code"] == 2 && failed["status"]?["message"]?.string?.hasPrefix("connection refused") == true)
        #expect(attributes(failed)["error.type"] == "NetworkError")
    }

    @Test func `what was said is written only where it is asked for`() throws {
        for format in LogExport.Format.allCases {
            let secret = try text(log("tools"), format)
            #expect(!secret.contains("sunny") && !secret.contains("weather in Paris"))
        }
        let spans = try spans(text(log("tools"), .otlp, contents: true))
        let answer = attributes(try #require(named("text_completion", spans).last))["gen_ai.output.messages"]?.string
        let message = try JSONValue(parsing: #require(answer))[0]
        #expect(message?["role"] == "assistant" && message?["finish_reason"] == "stop")
        #expect(message?["parts"]?[1] == ["type": "text", "content": "It is sunny and 18°C in Paris."])
        #expect(try text(log("tools"), .chrome, contents: true).contains("weather in Paris"))
        #expect(try text(log("tools"), .csv, contents: true).contains("It is sunny and 18°C in Paris."))
    }

    @Test func `the settings of a call, its question and its server are attributes where the log has them`() throws {
        let raw = { (event: String, data: String) in line(2, event, #""request_id": "1""#, #""data": \#(data)"#) }
        let lines = [
            line(1, "llm:request", #""request_id": "1""#, #""endpoint": "chat", "model": "m", "provider": "vllm""#),
            raw(
                "llm:call:raw",
                #"{"request": {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "Hi"}]}, "#
                    + #"{"role": "tool", "tool_call_id": "c", "content": "18"}], "response_format": {"type": "json_schema"}}, "#
                    + #""options": {"temperature": 0.5, "top_k": 20, "max_tokens": 64, "n": 2, "stop": ["x"], "seed": 7}}"#),
            raw("llm:exchange:raw", #"{"url": "https://user@[::1]:8443/v1/chat/completions"}"#),
            line(
                3, "llm:response", #""request_id": "1", "status": "ok""#,
                #""usage": {"input_tokens": 3, "output_tokens": 1, "cache_write_tokens": 2}"#),
        ]
        let (old, new) = try withLog(lines) { path in
            (try spans(text(path, .otlp, contents: true))[0], try spans(text(path, .otlp, .genAILatest))[0])
        }
        let call = attributes(old)
        #expect(call["gen_ai.request.temperature"] == 0.5 && call["gen_ai.request.top_k"] == "20" && call["gen_ai.request.seed"] == "7")
        #expect(call["gen_ai.request.max_tokens"] == "64" && call["gen_ai.request.choice.count"] == "2")
        #expect(call["gen_ai.request.stop_sequences"]?["values"]?[0]?["stringValue"] == "x" && call["gen_ai.output.type"] == "json")
        #expect(call["server.address"] == "::1" && call["server.port"] == "8443")
        #expect(call["gen_ai.system_instructions"] == #"[{"type":"text","content":"Be brief."}]"#)
        let asked = try JSONValue(parsing: #require(call["gen_ai.input.messages"]?.string))
        #expect(asked[0] == ["role": "user", "parts": [["type": "text", "content": "Hi"]]])
        #expect(asked[1] == ["role": "tool", "parts": [["type": "tool_call_response", "id": "c", "response": "18"]]])
        #expect(call["gen_ai.usage.cache_creation.input_tokens"] == "2")
        #expect(attributes(new)["gen_ai.usage.cache_write.input_tokens"] == "2")
    }

    @Test(arguments: [(SemanticConventions.v141, "gen_ai.client.operation.duration"), (.genAILatest, "gen_ai.client.inference.duration")])
    func `metrics are histograms over all calls with the buckets of the conventions`(conventions: SemanticConventions, name: String) throws
    {
        let metrics = try JSONValue(parsing: text(log("tools"), .otlpMetrics, conventions))["resourceMetrics"]?[0]?["scopeMetrics"]?[0]?[
            "metrics"]
        let duration = try #require(metrics?.array?.first { $0["name"]?.string == name })
        let point = try #require(duration["histogram"]?["dataPoints"]?[0])
        #expect(point["count"] == "2" && point["explicitBounds"]?.array?.count == 14 && point["bucketCounts"]?.array?.count == 15)
        #expect(attributes(point)["gen_ai.request.model"] == "tiny-chat")
        #expect(
            conventions == .v141 || metrics?.array?.contains { $0["name"] == "gen_ai.client.inference.operation.input_tokens" } == true)
    }

    @Test func `the trace for Chrome has slices for prompts, calls and tools, each on a thread of its kind`() throws {
        let events = try #require(JSONValue(parsing: text(log("tools"), .chrome))["traceEvents"]?.array)
        let slices = events.filter { $0["ph"] == "X" }
        #expect(slices.count { $0["name"] == "tiny-chat" } == 2 && slices.count { $0["name"] == "get_weather" } == 1)
        #expect(slices.count { $0["name"] == "prompt 1" } == 1 && slices.count { $0["name"] == "generation" } == 2)
        let threads = events.filter { $0["name"] == "thread_name" }.compactMap { $0["args"]?["name"]?.string }
        #expect(threads.sorted() == ["calls", "prompts", "tools"])
        #expect(slices.allSatisfy { $0["ts"]?.double ?? 0 > 1e15 && $0["dur"]?.double ?? -1 >= 0 })
        let retries = try #require(JSONValue(parsing: text(log("retries"), .chrome))["traceEvents"]?.array).filter { $0["ph"] == "i" }
        #expect(retries.count == 2)
    }

    @Test func `calls that overlap are on threads of their own`() throws {
        let lines =
            (1...3).map { line($0, "llm:request", #""request_id": "\#($0)""#) }
            + (1...3).map { line($0 + 3, "llm:response", #""request_id": "\#($0)", "status": "ok""#) }
        let events = try withLog(lines) { try #require(JSONValue(parsing: text($0, .chrome))["traceEvents"]?.array) }
        #expect(Set(events.filter { $0["ph"] == "X" }.compactMap { $0["tid"]?.int }).count == 3)
    }

    @Test func `a call is a row of CSV, and no cell of text is a formula`() throws {
        let rows = try text(log("tools"), .csv).split(separator: "\r\n")
        #expect(rows.count == 3)
        let header = rows[0].split(separator: ",", omittingEmptySubsequences: false)
        #expect(rows.dropFirst().allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == header.count })
        let hostile = [
            line(
                1, "llm:request", #""request_id": "=cmd|' /C calc'!A0", "session_id": "@SUM(1)""#,
                #""model": "-2+3", "endpoint": "a,\"b\"\r\nc""#),
            line(2, "llm:response", #""request_id": "=cmd|' /C calc'!A0", "session_id": "@SUM(1)", "status": "error", "error": "+1""#),
        ]
        let row = try withLog(hostile) { try text($0, .csv) }
        #expect(row.contains("\r\n'@SUM(1),'=cmd|' /C calc'!A0,1,") && row.contains(",'-2+3,\"a,\"\"b\"\"\r\nc\","))
        #expect(row.hasSuffix(",'+1\r\n"))
    }

    @Test func `every column of CSV is in the documentation`() throws {
        let root = #filePath.split(separator: "/").prefix { $0 != "Tests" }.joined(separator: "/")
        let documentation = try fileText("/\(root)/docs/exports.md")
        let header = try #require(text(log("error"), .csv, contents: true).split(separator: "\r\n").first)
        for column in header.split(separator: ",") { #expect(documentation.contains("`\(column)`")) }
    }

    @Test func `only what the filter lets through is written`() throws {
        let rows = try text(log("tools"), .csv, .v141, CallFilter(model: "llama"))
        #expect(rows.split(separator: "\r\n").count == 1)
    }

    @Test(arguments: LogExport.Format.allCases)
    func `times, numbers and texts of any kind end in a form that can be read`(format: LogExport.Format) throws {
        let times = ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "never"]
        let lines = times.flatMap { time in
            [
                #"{"event":"prompt:submit","ts":"\#(time)","data":{"prompt":"\#(time)"}}"#,
                #"{"event":"llm:request","request_id":"\#(time)\u0000\u2028","ts":"\#(time)","data":{"stream":true,"model":" "}}"#,
                #"{"event":"llm:response","request_id":"\#(time)\u0000\u2028","duration_ms":1e300,"data":{"time_to_first_token_ms":1e301,"usage":{"input_tokens":9223372036854775807,"output_tokens":9223372036854775807}}}"#,
                #"{"event":"tool:pre","ts":"\#(time)","data":{}}"#, #"{"event":"provider:request","ts":"\#(time)"}"#,
            ]
        }
        let exported = try withLog(lines) { try text($0, format, contents: true) }
        if format == .csv {
            #expect(exported.split(separator: "\r\n").count == 5)
        } else {
            #expect(throws: Never.self) { try JSONValue(parsing: exported) }
        }
    }
}
