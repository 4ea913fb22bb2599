import HostSession
import JSON
import ProviderKit

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

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
        if let first = timeToFirstToken { parts.append("first token \(milliseconds(first)) ms") }
        if let speed = tokensPerSecond { parts.append("\(Int(speed.rounded())) tokens/s") }
        if let reason = result.response.finishReason, reason != "stop" { parts.append("ended by \(reason)") }
        parts.append(recorder.logPath)
        return parts.joined(separator: " · ")
    }

    /// The whole answer for machines.
    var json: JSONValue {
        let response = result.response
        var timing: JSONObject = ["duration_ms": .integer(milliseconds(result.duration))]
        timing["time_to_first_token_ms"] = timeToFirstToken.map { .integer(milliseconds($0)) } ?? .null
        timing["tokens_per_second"] = tokensPerSecond.map { .double(($0 * 10).rounded() / 10) } ?? .null
        var report: JSONObject = [
            "text": .string(response.text), "thinking": response.thinking.isEmpty ? .null : .string(response.thinking),
            "tool_calls": .array((response.toolCalls ?? []).map(\.json)),
            "finish_reason": response.finishReason.map { .string($0) } ?? .null,
            "usage": result.usage?.json ?? .null, "logprobs": response.logprobs.map { .array($0.map(\.json)) } ?? .null,
            "timing": .object(timing), "model": model.map { .string($0) } ?? .null, "session_id": .string(recorder.sessionID),
            "events": .string(recorder.logPath),
        ]
        if response.choiceCount > 1 { report["choices"] = .array((0..<response.choiceCount).map { .string(response.text(choice: $0)) }) }
        return .object(report)
    }

    /// Each token with its probability and the alternatives; `nil` where they were not asked for.
    var logprobTable: String? {
        guard let tokens = result.response.logprobs else { return nil }
        return tokens.filter { $0.choice == 0 }.map { token in
            let others = token.topLogprobs.filter { $0.token != token.token }
                .map { "\(Self.shown($0.token)) \(Self.percent($0.logprob))" }
            return ([token.logprob.map(Self.percent) ?? "-", Self.shown(token.token)] + others).joined(separator: "\t") + "\n"
        }.joined()
    }

    /// From the prompt to the first token; `nil` where all of them came at once, so that there was no first one.
    private var timeToFirstToken: Duration? {
        guard let first = result.timeToFirstToken, result.duration - first > result.duration / 20 else { return nil }
        return first
    }

    /// How fast the tokens behind the first one came; how fast all of them came, where they came at once.
    private var tokensPerSecond: Double? {
        guard let count = result.usage?.outputTokens, count > 1 else { return nil }
        let (tokens, time) = timeToFirstToken.map { (count - 1, result.duration - $0) } ?? (count, result.duration)
        return time > .zero ? Double(tokens) / (time / .seconds(1)) : nil
    }

    private func milliseconds(_ duration: Duration) -> Int { Int((duration / .milliseconds(1)).rounded()) }

    private static func percent(_ logprob: Double) -> String {
        // A server may say anything; a probability is at most 1.
        let tenths = logprob.isNaN ? 0 : Int((min(exp(logprob), 1) * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10)%"
    }

    private static func shown(_ token: String) -> String { token.debugDescription }
}
