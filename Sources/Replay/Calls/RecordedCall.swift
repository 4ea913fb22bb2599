import JSON
import ProviderKit
import SessionTimeline

/// A call that a log has with its question and its answer, or the error in the answer's place.
struct RecordedCall: Sendable {
    enum Outcome: Sendable {
        case answered(ChatResponse)
        case failed(ProviderError)
    }

    /// What is told of the call in the log, without the exchanges.
    let call: ProviderCall
    /// What was asked; `nil` where the log does not have it whole.
    let request: ChatRequest?
    let outcome: Outcome

    /// A call of a log with `llm:call:raw` and `llm:response:raw`; `nil` where the log does not have its end.
    /// - Throws: `ContractError`, where what is there is no request or no answer.
    init?(_ call: ProviderCall) throws(ContractError) {
        guard let json = call.request else { return nil }
        if let error = call.error {
            outcome = .failed(try ProviderError(json: error))
        } else if let response = call.response {
            outcome = .answered(try ChatResponse(json: response))
        } else {
            return nil
        }
        request = try ChatRequest(json: json)
        self.call = call.withoutExchanges
    }

    /// A call of a log that has answers alone.
    init(_ call: ProviderCall, answer: ChatResponse) {
        self.call = call.withoutExchanges
        request = nil
        outcome = .answered(answer)
    }

    /// Nobody wanted the answer any more.
    var wasCancelled: Bool { if case .failed(let error) = outcome { error.code == .cancelled } else { false } }

    /// How messages name it: `call 3 (request_id …, line 12)`.
    func name(number: Int) -> String {
        let facts = [call.requestID.map { "request_id \($0)" }, call.lines.first.map { "line \($0)" }].compactMap(\.self)
        return "call \(number)" + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
    }

    /// Whether a request that names `model` and brings `options` may have this answer. What a call does not say was left to the
    /// configuration, then as now.
    func difference(model: String?, options: JSONObject) -> RequestDifference? {
        let recorded = call.options ?? [:]
        if let model = model ?? options["model"]?.string {
            let known = [request?.model, recorded["model"]?.string, call.model].compactMap(\.self)
            if !known.isEmpty, !known.contains(model) {
                return RequestDifference(asked: .string(model), recorded: .string(known[0]), at: "model")
            }
        }
        for (key, value) in options where !CallOptionName.isVolatile(key) {
            let difference = RequestDifference(
                asked: Self.comparable(value), recorded: recorded[key].flatMap(Self.comparable), at: "options.\(key)")
            if let difference { return difference }
        }
        return nil
    }

    private static func comparable(_ value: JSONValue) -> JSONValue? { value.isNull ? nil : value.canonical }
}

extension ProviderCall {
    fileprivate var withoutExchanges: ProviderCall {
        var call = self
        call.exchanges = []
        return call
    }
}
