import JSON
import ProviderKit
import SessionTimeline

/// The calls of a log, to be found by what is asked, each given once in the order in which it was recorded.
struct RecordedCalls: Sendable {
    /// What a log has for a request.
    enum Found: Sendable {
        /// This answer.
        case call(RecordedCall)
        /// The answers that it has were given, and may not be given again.
        case exhausted(count: Int)
        /// No answer.
        case nothing
    }

    /// The calls in the order in which they were asked.
    let calls: [RecordedCall]
    /// What could not be used, and why.
    let problems: [String]
    private let match: RequestMatch
    private let places: [String: [Int]]
    /// The keys of requests in which secrets were masked.
    private let masked: [(key: String, value: MaskedValue)]
    private var given: [Int: Int] = [:]
    /// Whether the log has what was asked, and not the answers alone.
    private let hasRequests: Bool

    /// - Parameter leavesOutCancelled: whether a call that was cancelled counts as not recorded.
    init(_ session: RecordedSession, match: RequestMatch, leavesOutCancelled: Bool = false) {
        var problems = session.timeline.skippedLines.map { "line \($0.line): \($0.reason)" }
        var calls: [RecordedCall] = []
        var places: [String: [Int]] = [:]
        var masked: [(key: String, value: MaskedValue)] = []
        var owners: [String: String?] = [:]
        for call in session.timeline.calls {
            do throws(ContractError) {
                guard let recorded = try RecordedCall(call), let request = recorded.request else { continue }
                if leavesOutCancelled, recorded.wasCancelled { continue }
                let canonical = CanonicalRequest(request, match: match)
                let key = canonical.digest
                if places[key] == nil, let value = MaskedValue(canonical.value) { masked.append((key, value)) }
                // What was recorded anew takes the place of what earlier sessions had recorded.
                if session.replacing.contains(call.sessionID ?? ""), owners[key] != .some(call.sessionID) {
                    places[key] = []
                    owners[key] = call.sessionID
                }
                places[key, default: []].append(calls.count)
                calls.append(recorded)
            } catch {
                problems.append("line \(call.lines.first ?? 0): \(error)")
            }
        }
        hasRequests = !calls.isEmpty
        if !hasRequests {
            for (turn, prompt) in session.timeline.turns.map({ ($0, $0.prompt) }) {
                for (step, answer) in session.answers(in: turn).enumerated() {
                    places[Self.key(prompt: prompt ?? "", step: step), default: []].append(calls.count)
                    calls.append(RecordedCall(answer.call, answer: answer.response))
                }
            }
        }
        self.match = match
        self.calls = calls
        self.places = places
        self.masked = masked
        self.problems = problems
    }

    /// The models that answered, each once.
    var models: [String] {
        calls.reduce(into: []) { models, recorded in
            if let model = recorded.call.model, !models.contains(model) { models.append(model) }
        }
    }

    /// Finds the answer to a request.
    /// - Parameter repeats: whether the last one is given again when all were.
    mutating func find(_ request: ChatRequest, options: JSONObject, repeats: Bool) -> Found {
        let key = hasRequests ? key(of: CanonicalRequest(request, match: match)) : Self.key(of: request)
        let all = places[key] ?? []
        let fitting =
            match == .strict && hasRequests ? all.filter { calls[$0].difference(model: request.model, options: options) == nil } : all
        if let next = fitting.first(where: { given[$0] == nil }) ?? (repeats ? fitting.last : nil) {
            given[next, default: 0] += 1
            return .call(calls[next])
        }
        guard fitting.isEmpty else { return .exhausted(count: fitting.count) }
        return .nothing
    }

    /// The recorded call that differs latest in the conversation from what is asked, and where. It looks at all of them.
    func nearest(to request: ChatRequest, options: JSONObject) -> (name: String, difference: RequestDifference)? {
        let canonical = CanonicalRequest(request, match: match)
        let same = places[key(of: canonical)] ?? []
        if let index = same.first, let difference = calls[index].difference(model: request.model, options: options) {
            return (calls[index].name(number: index + 1), difference)
        }
        let asked = canonical.value["messages"]?.array ?? []
        var best: (score: Int, index: Int, value: JSONValue)?
        for (index, recorded) in calls.enumerated() {
            guard let other = recorded.request.map({ CanonicalRequest($0, match: match).value }) else { continue }
            let messages = other["messages"]?.array ?? []
            let common = zip(asked, messages).prefix { $0 == $1 }.count
            let score = common * 2 + (messages.count == asked.count ? 1 : 0)
            if best.map({ score > $0.score }) ?? true { best = (score, index, other) }
        }
        guard let best, let difference = RequestDifference(asked: canonical.value, recorded: best.value) else { return nil }
        return (calls[best.index].name(number: best.index + 1), difference)
    }

    private func key(of request: CanonicalRequest) -> String {
        let digest = request.digest
        if places[digest] != nil { return digest }
        return masked.first { $0.value.fits(request.value) }?.key ?? digest
    }

    /// Where a log has no requests: what the user has said last, and how many answers were given since.
    private static func key(of request: ChatRequest) -> String {
        let last = request.messages.lastIndex { $0.role == .user }
        let rest = request.messages[(last.map { $0 + 1 } ?? 0)...]
        let prompt = last.map { request.messages[$0].content.plainText } ?? ""
        return key(prompt: prompt, step: rest.count { $0.role == .assistant })
    }

    private static func key(prompt: String, step: Int) -> String {
        (["prompt": .string(prompt), "step": .integer(step)] as JSONValue).digest
    }
}
