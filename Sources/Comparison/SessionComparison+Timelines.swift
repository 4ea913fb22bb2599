import JSON
import ProviderKit
public import SessionTimeline

extension SessionComparison {
    /// Compares two sessions as their logs tell them.
    ///
    /// Calls that ask the same are compared with each other, in order; what is left on both sides is compared in order, too, since an answer
    /// that differs makes the next question differ. Calls that nobody waited for do not count.
    /// - Parameters:
    ///   - old: how to call the first session, and its log.
    ///   - new: the same of the second one.
    public init(
        _ oldTimeline: SessionTimeline, _ newTimeline: SessionTimeline, old: ComparedSession, new: ComparedSession,
        thresholds: ComparisonThresholds = ComparisonThresholds()
    ) {
        let (oldCalls, newCalls) = (Self.comparable(oldTimeline), Self.comparable(newTimeline))
        var waiting: [RequestIdentity: ArraySlice<Int>] = [:]
        for (index, call) in newCalls.enumerated() {
            if let identity = call.call.request.map(RequestIdentity.init) { waiting[identity, default: []].append(index) }
        }
        var partners: [Int?] = oldCalls.map { call in call.call.request.flatMap { waiting[RequestIdentity($0)]?.popFirst() } }
        let taken = Set(partners.compactMap(\.self))
        var rest = newCalls.indices.filter { !taken.contains($0) }[...]
        let isSame = partners.map { $0 != nil }
        for index in partners.indices where partners[index] == nil { partners[index] = rest.popFirst() }

        var (calls, omissions): ([CallComparison], [Omission]) = ([], [])
        for (index, (number, call)) in oldCalls.enumerated() {
            guard let partner = partners[index].map({ newCalls[$0].call }) else {
                omissions.append(Omission(number: number, requestID: call.requestID, reason: "the new session has no such call"))
                continue
            }
            let isKnown = call.request != nil && partner.request != nil
            let (old, new) = (ComparedAnswer(call), ComparedAnswer(partner))
            guard old.isKnown || new.isKnown else {
                omissions.append(Omission(number: number, requestID: call.requestID, reason: "neither log has the answer"))
                continue
            }
            if let side = [("old", call, old), ("new", partner, new)].first(where: { !$2.isKnown && $1.debugResponse != nil })?.0 {
                omissions.append(
                    Omission(number: number, requestID: call.requestID, reason: "the \(side) log has the answer with its texts cut alone"))
                continue
            }
            calls.append(
                CallComparison(
                    number: number, prompt: Self.prompt(of: call), isSameRequest: isSame[index] ? true : isKnown ? false : nil,
                    old: old, new: new))
        }
        for (number, call) in rest.map({ newCalls[$0] }) {
            omissions.append(
                Omission(number: number, requestID: call.requestID, isNew: true, reason: "the old session has no such call"))
        }
        self.init(old: old.naming(modelsOf: oldTimeline), new: new.naming(modelsOf: newTimeline), calls: calls, thresholds: thresholds)
        self.omissions = omissions
        notes = [("old", oldTimeline.calls.count - oldCalls.count), ("new", newTimeline.calls.count - newCalls.count)]
            .filter { $0.1 > 0 }
            .map { "\($0.1 == 1 ? "1 call" : "\($0.1) calls") of the \($0.0) session did not end, and are not compared" }
    }

    private static func comparable(_ timeline: SessionTimeline) -> [(number: Int, call: ProviderCall)] {
        timeline.calls.enumerated().filter { $1.status == .ok || $1.status == .error }.map { ($0 + 1, $1) }
    }

    private static func prompt(of call: ProviderCall) -> String? {
        call.request.flatMap { try? ChatRequest(json: $0) }?.messages.last { $0.role == .user }?.content.plainText
    }
}

extension ComparedSession {
    /// The session with what its log says of it.
    public func naming(modelsOf timeline: SessionTimeline) -> ComparedSession {
        var session = self
        session.sessionID = session.sessionID ?? timeline.sessionID
        for model in timeline.calls.compactMap(\.model) where !session.models.contains(model) { session.models.append(model) }
        return session
    }
}
