import JSON
import ProviderKit
import SessionTimeline
public import Timestamps

/// A session as what is shown of it, in the order in which it happened.
public struct Playback: Sendable {
    /// What is shown.
    public private(set) var events: [PlaybackEvent] = []
    /// When the log begins; `nil` where it tells no times.
    public let start: LogTimestamp?
    /// How many calls there are.
    public let callCount: Int
    /// The moment of what was told last, for what is told without one.
    private var now = Duration.zero

    /// What a log has to show.
    public init(_ session: RecordedSession) {
        let timeline = session.timeline
        let times = timeline.turns.flatMap { [$0.start] + $0.calls.map(\.start) } + [timeline.start] + timeline.notes.map(\.time)
        start = times.compactMap(\.self).min()
        callCount = timeline.calls.count
        var number = 0
        for turn in timeline.turns {
            if let prompt = turn.prompt { add(.prompt(prompt), at: offset(turn.start)) }
            let blocks = session.blocks(in: turn)
            var index = 0
            for (place, step) in turn.steps.enumerated() {
                switch step {
                case .call(let call):
                    number += 1
                    let isFollowedByTools = turn.steps[(place + 1)...].first.map { if case .tool = $0 { true } else { false } } ?? false
                    add(call, blocks[index], number: number, showsCalls: !isFollowedByTools)
                    index += 1
                case .tool(let tool): add(tool, number: number > 0 ? number : nil)
                }
            }
        }
        for note in timeline.notes { add(.note(note.message.isEmpty ? note.event : note.message), at: offset(note.time)) }
        if let error = timeline.error { add(.failure("the session failed: \(error)"), at: offset(timeline.end)) }
        // Swift's sort keeps the order of what is equal.
        events.sort { $0.time < $1.time }
    }

    private mutating func add(_ call: ProviderCall, _ blocks: [ContentBlock], number: Int, showsCalls: Bool) {
        let start = offset(call.start)
        let name = [call.instanceID ?? call.provider, call.model].compactMap(\.self).joined(separator: ", ")
        add(.callStarted(name), at: start, call: number)
        for retry in call.retries { add(.retry(Self.text(of: retry)), at: retry.time.map { offset($0) } ?? start, call: number) }
        let tokens = (call.response?["logprobs"]?.array ?? []).compactMap { try? TokenLogprob(json: $0) }
        let pacing = AnswerPacing(call, blocks, tokens: tokens)
        var last = start
        for (index, block) in blocks.enumerated() {
            for piece in pacing.pieces(of: block.text ?? block.thinking ?? "", block: index) {
                last = max(last, start + piece.offset)
                add(block.thinking == nil ? .text(piece.text) : .thinking(piece.text), at: last, call: number)
            }
            if block.text != nil || block.thinking != nil { add(.blockEnded, at: last, call: number) }
        }
        let end = max(start + pacing.end, last)
        for block in blocks where showsCalls {
            guard let tool = block.toolCall else { continue }
            add(.toolCall(name: tool.name, input: "\(tool.arguments)"), at: end, call: number)
        }
        if let failure = call.failure, call.status == .error {
            add(.failure([failure.type, failure.message].compactMap(\.self).joined(separator: ": ")), at: end, call: number)
        }
        add(.callEnded(Self.summary(of: call)), at: end, call: number)
    }

    private mutating func add(_ tool: ToolRun, number: Int?) {
        let start = offset(tool.start)
        add(.toolCall(name: tool.name, input: tool.input?.text ?? "{}"), at: start, call: number)
        guard tool.result != nil || tool.error != nil else { return }
        let output = tool.error ?? tool.result?.string ?? tool.result?.text ?? ""
        add(.toolResult(name: tool.name, output: output, hasFailed: tool.error != nil), at: max(offset(tool.end), start), call: number)
    }

    private mutating func add(_ kind: PlaybackEvent.Kind, at time: Duration, call: Int? = nil) {
        now = time
        events.append(PlaybackEvent(time: time, call: call, kind: kind))
    }

    private func offset(_ time: LogTimestamp?) -> Duration {
        guard let time, let start else { return now }
        return max(time.duration(since: start), .zero)
    }

    private static func text(of retry: ProviderCall.Retry) -> String {
        let reason = [retry.errorType, retry.errorMessage].compactMap(\.self).joined(separator: ": ")
        let delay = retry.delay.map { " in \(seconds($0))" } ?? ""
        return "attempt \(retry.attempt)\(delay)" + (reason.isEmpty ? "" : " behind \(reason)")
    }

    private static func summary(of call: ProviderCall) -> String {
        let facts: [String?] = [
            call.status == .ok ? call.finishReason : call.status.rawValue, call.usage.map { "\($0.outputTokens) tokens" },
            call.duration.map { seconds($0 / .seconds(1)) },
        ]
        return facts.compactMap(\.self).joined(separator: ", ")
    }

    /// `1.25 s`, in hundredths.
    private static func seconds(_ value: Double) -> String {
        let hundredths = Int(min(max(value, 0) * 100, 1e15).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
    }
}
