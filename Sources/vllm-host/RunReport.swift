import HostSession
import JSON
import ProviderKit

/// What `run` tells of an answer besides its text.
struct RunReport {
    let result: TurnResult
    /// The model that answered, as the server calls it.
    let model: String?
    let recorder: SessionRecorder

    /// One line for people: tokens, time to the first one, tokens per second, the event log.
    var summary: String {
        var parts: [String] = []
        if let usage = result.usage { parts.append("\(usage.inputTokens) tokens in, \(usage.outputTokens) out") }
        if let first = timing.timeToFirstToken { parts.append("first token \(milliseconds(first)) ms") }
        if let speed = timing.tokensPerSecond { parts.append("\(Int(speed.rounded())) tokens/s") }
        if let reason = result.response.finishReason, reason != "stop" { parts.append("ended by \(reason)") }
        parts.append(recorder.logPath)
        return parts.joined(separator: " · ")
    }

    /// The whole answer for machines.
    var json: JSONValue {
        let response = result.response
        let times: JSONObject = [
            "duration_ms": .integer(milliseconds(result.duration)),
            "time_to_first_token_ms": timing.timeToFirstToken.map { .integer(milliseconds($0)) } ?? .null,
            "tokens_per_second": timing.tokensPerSecond.map { .double(($0 * 10).rounded() / 10) } ?? .null,
        ]
        var report: JSONObject = [
            "text": .string(response.text), "thinking": response.thinking.isEmpty ? .null : .string(response.thinking),
            "tool_calls": .array((response.toolCalls ?? []).map(\.json)),
            "finish_reason": response.finishReason.map { .string($0) } ?? .null,
            "usage": result.usage?.json ?? .null, "logprobs": response.logprobs.map { .array($0.map(\.json)) } ?? .null,
            "timing": .object(times), "provider": .string(result.provider), "model": model.map { .string($0) } ?? .null,
            "session_id": .string(recorder.sessionID),
            "events": .string(recorder.logPath),
        ]
        report["prompt_logprobs"] = response.promptLogprobs.map { .array($0.map { $0?.json ?? .null }) }
        report["prompt_token_ids"] = response.promptTokenIDs.map { .array($0.map { .integer($0) }) }
        report["token_ids"] = response.tokenIDs.map { .array($0.map { .array($0.map { .integer($0) }) }) }
        if !degradations.isEmpty { report["degradation"] = .array(degradations.map(\.json)) }
        if response.choiceCount > 1 { report["choices"] = .array((0..<response.choiceCount).map { Self.json(of: $0, in: response) }) }
        return .object(report)
    }

    /// Shows what a person has to know besides the answer: what was not done as asked, an answer that is cut, the tokens' probabilities.
    func show(_ terminal: Terminal) {
        for note in notes { terminal.note("note: \(Terminal.withoutControls(note))\n") }
        if let tokens = result.response.promptLogprobs { terminal.note("prompt:\n" + Self.view(tokens.compactMap(\.self), terminal)) }
        if let tokens = result.response.logprobs { terminal.note(Self.view(tokens, terminal)) }
    }

    private static func view(_ tokens: [TokenLogprob], _ terminal: Terminal) -> String {
        terminal.hasColour ? HeatMap(tokens, width: terminal.width).text : ProbabilityTable(tokens).text
    }

    /// What was not done as asked, each once, however many calls say it.
    private var degradations: [Degradation] {
        result.responses.compactMap(\.degradation).reduce(into: []) { all, next in
            if !all.contains(next) { all.append(next) }
        }
    }

    private var notes: [String] {
        var notes = degradations.flatMap(Self.lines)
        if result.response.finishReason == "length" {
            notes.append("the answer is cut (finish reason length): raise --max-tokens, unless the context window is full")
        }
        return notes
    }

    /// A line for each of the degradations that an answer tells as one.
    private static func lines(_ degradation: Degradation) -> [String] {
        let columns = [degradation.requested, degradation.actual, degradation.reason].map { $0.split(separator: "; ") }
        let isEven = columns.allSatisfy { $0.count == columns[0].count }
        guard isEven else { return ["\(degradation.requested) → \(degradation.actual): \(degradation.reason)"] }
        return columns[0].indices.map { "\(columns[0][$0]) → \(columns[1][$0]): \(columns[2][$0])" }
    }

    private static func json(of choice: Int, in response: ChatResponse) -> JSONValue {
        let blocks = response.content.filter { $0.choice == choice }
        let thinking = blocks.compactMap(\.thinking).joined()
        let told = response.metadata?["vllm:choices"]?.array?.first { $0["index"]?.int == choice }
        return [
            "text": .string(response.text(choice: choice)), "thinking": thinking.isEmpty ? .null : .string(thinking),
            "tool_calls": .array(blocks.compactMap(\.toolCall).map(\.json)), "finish_reason": told?["finish_reason"] ?? .null,
        ]
    }

    private var timing: AnswerTiming {
        AnswerTiming(timeToFirstToken: result.timeToFirstToken, duration: result.duration, outputTokens: result.usage?.outputTokens)
    }

    private func milliseconds(_ duration: Duration) -> Int { Int((duration / .milliseconds(1)).rounded()) }
}
