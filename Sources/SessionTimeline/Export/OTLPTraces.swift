import JSON
import Timestamps

/// Spans of OpenTelemetry: one `ExportTraceServiceRequest` in OTLP/JSON (opentelemetry-proto 1), for a collector or a backend.
///
/// Each prompt is a trace: a span `invoke_agent`, and below it one for each call of a provider (all its attempts are one span, in which each
/// retry is an event) and one for each run of a tool. The ids follow from the ids and times in the log: exporting a log again gives the same.
struct OTLPTraces: ExportForm {
    private enum Kind: Int {
        case `internal` = 1
        case client = 3
    }

    private let conventions: SemanticConventions
    private let includesContents: Bool
    private var isFirst = true
    private var count = 0

    init(_ conventions: SemanticConventions, includesContents: Bool) {
        self.conventions = conventions
        self.includesContents = includesContents
    }

    mutating func begin() -> String {
        let schema = JSONValue.string(conventions.schemaURL).text
        return #"{"resourceSpans":[{"resource":\#(OTLPResource.resource),"schemaUrl":\#(schema),"#
            + #""scopeSpans":[{"scope":\#(OTLPResource.scope),"schemaUrl":\#(schema),"spans":["#
    }

    mutating func end() -> String { "\n]}]}]}\n" }

    mutating func text(of finished: StepTracker.Finished) -> String {
        count += 1
        switch finished.step {
        case .call(let call): return text(of: call, in: finished.turn)
        case .tool(let run): return text(of: run, in: finished.turn)
        case .turn(let turn): return turn.prompt == nil ? "" : text(of: turn, in: finished.turn)
        }
    }

    private mutating func text(of call: ProviderCall, in turn: StepTracker.Turn) -> String {
        guard let start = call.start else { return "" }
        var attributes = OTLPAttributes(call, conventions)
        if includesContents {
            attributes.set("gen_ai.system_instructions", OTLPContents.systemInstructions(call))
            attributes.set("gen_ai.input.messages", OTLPContents.inputMessages(call))
            attributes.set("gen_ai.output.messages", OTLPContents.outputMessages(call))
            attributes.set("gen_ai.tool.definitions", OTLPContents.toolDefinitions(call))
        }
        var span = span(
            "\(call.operationName) \(call.model ?? "")".trimmingEnd, .client, call.sessionID, "call \(call.requestID ?? "number \(count)")",
            turn,
            start, call.endOrStart ?? start)
        span["attributes"] = .array(attributes.json)
        if !call.retries.isEmpty { span["events"] = .array(call.retries.map(Self.event)) }
        if let error = call.errorName { span["status"] = ["code": 2, "message": .string(call.failure?.message ?? error)] }
        return write(span)
    }

    private mutating func text(of run: ToolRun, in turn: StepTracker.Turn) -> String {
        guard let start = run.start ?? run.end else { return "" }
        var attributes = OTLPAttributes()
        attributes.set("gen_ai.operation.name", "execute_tool")
        attributes.set("gen_ai.tool.name", run.name)
        attributes.set("gen_ai.tool.type", "function")
        attributes.set("gen_ai.tool.call.id", run.callID)
        attributes.set("gen_ai.conversation.id", run.sessionID)
        if run.error != nil { attributes.set("error.type", "_OTHER") }
        if includesContents {
            attributes.set("gen_ai.tool.call.arguments", run.input?.text)
            attributes.set("gen_ai.tool.call.result", run.result?.text)
        }
        var span = span(
            "execute_tool \(run.name)".trimmingEnd, .internal, run.sessionID, "tool \(run.callID ?? "number \(count)")", turn, start,
            max(run.end ?? start, start))
        span["attributes"] = .array(attributes.json)
        if let error = run.error { span["status"] = ["code": 2, "message": .string(error)] }
        return write(span)
    }

    private mutating func text(of turn: PromptTurn, in place: StepTracker.Turn) -> String {
        guard let start = turn.start else { return "" }
        var attributes = OTLPAttributes()
        attributes.set("gen_ai.operation.name", "invoke_agent")
        attributes.set("gen_ai.provider.name", "vllm")
        attributes.set("gen_ai.conversation.id", turn.sessionID)
        if turn.status == "error" { attributes.set("error.type", "_OTHER") }
        if includesContents, let prompt = turn.prompt { attributes.set("gen_ai.input.messages", OTLPContents.prompt(prompt)) }
        var span = span("invoke_agent", .internal, turn.sessionID, nil, place, start, max(turn.end ?? start, start))
        span["attributes"] = .array(attributes.json)
        if turn.status == "error" { span["status"] = ["code": 2] }
        return write(span)
    }

    /// - Parameter id: what tells it from the other spans of its turn; `nil` for the turn's own.
    private func span(
        _ name: String, _ kind: Kind, _ session: String?, _ id: String?, _ turn: StepTracker.Turn, _ start: LogTimestamp,
        _ end: LogTimestamp
    ) -> JSONObject {
        let trace = "\(session ?? "") \(turn.start?.description ?? "turn \(turn.number)")"
        var span: JSONObject = ["traceId": .string(OTLPResource.id(trace, bytes: 16))]
        span["spanId"] = .string(OTLPResource.id("\(trace) \(id ?? "turn")", bytes: 8))
        if id != nil, turn.hasPrompt { span["parentSpanId"] = .string(OTLPResource.id("\(trace) turn", bytes: 8)) }
        span["name"] = .string(name)
        span["kind"] = .integer(kind.rawValue)
        span["startTimeUnixNano"] = .string(start.unixNanoseconds)
        span["endTimeUnixNano"] = .string(end.unixNanoseconds)
        return span
    }

    private static func event(_ retry: ProviderCall.Retry) -> JSONValue {
        var attributes = OTLPAttributes()
        attributes.set("http.request.resend_count", retry.attempt)
        attributes.set("error.type", retry.errorType)
        attributes.set("http.response.status_code", retry.statusCode)
        return [
            "timeUnixNano": .string(retry.time?.unixNanoseconds ?? "0"), "name": "retry", "attributes": .array(attributes.json),
        ]
    }

    private mutating func write(_ span: JSONObject) -> String {
        defer { isFirst = false }
        return (isFirst ? "\n" : ",\n") + JSONValue.object(span).text
    }
}

extension String {
    fileprivate var trimmingEnd: String { hasSuffix(" ") ? String(dropLast()) : self }
}
