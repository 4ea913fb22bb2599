public import JSON
import ProviderKit
public import SessionLog

/// The exchanges of a log, to be found by what is asked: of several equal requests the answers come in their order, and the last one
/// again where all were given.
public struct RecordedExchanges: Sendable {
    /// What the log has for a request.
    public enum Found: Sendable {
        /// This exchange.
        case exchange(RecordedExchange)
        /// None: what is to be said of it.
        case nothing(String)
    }

    /// The exchanges in the order in which they are in the log.
    public private(set) var exchanges: [RecordedExchange] = []
    /// The lines that hold none that could be used, and why.
    public private(set) var problems: [(line: Int, reason: String)] = []
    private let match: ExchangeMatch
    /// What the exchanges have in common with others, in their order.
    private var likenesses: [RequestLikeness] = []
    private var places: [String: [Int]] = [:]
    /// The keys of requests in which secrets were masked, by method and path.
    private var masked: [String: [(key: String, body: MaskedValue)]] = [:]
    private var given: [String: Int] = [:]

    /// These exchanges.
    public init(_ exchanges: [RecordedExchange] = [], match: ExchangeMatch = .strict) {
        self.match = match
        for exchange in exchanges { add(exchange) }
    }

    /// The exchanges of a log; of a folder, its `events.jsonl`.
    /// - Throws: `SessionLogError` where it cannot be opened or read.
    public static func read(log path: String, match: ExchangeMatch = .strict) throws(SessionLogError) -> RecordedExchanges {
        var reader = try SessionLogReader(path: path, unpacksContents: true)
        var exchanges = RecordedExchanges(match: match)
        while let line = try reader.next() {
            switch line {
            case .skipped(let line, let reason): exchanges.problems.append((line, reason))
            case .record(let record):
                guard record.event == EventName.llmExchangeRaw else { continue }
                do throws(ContractError) {
                    exchanges.add(try RecordedExchange(json: record.data["data"] ?? .null, line: record.line))
                } catch {
                    exchanges.problems.append((record.line, error.description))
                }
            }
        }
        return exchanges
    }

    /// Finds the answer to a request.
    /// - Parameters:
    ///   - path: the path without the query.
    ///   - body: as JSON, a text where it is none; `nil` where there is none.
    public mutating func find(method: String, path: String, body: JSONValue?) -> Found {
        let question = question(method: method, path: path, body: body)
        return next(for: question).map(Found.exchange) ?? .nothing(explanation(of: question))
    }

    /// A request, to be looked up.
    package func question(method: String, path: String, body: JSONValue?) -> ExchangeQuestion {
        ExchangeQuestion(method: method, path: path, body: match.comparable(body))
    }

    /// The answer to a request, which counts as given; `nil` where there is none.
    package mutating func next(for question: ExchangeQuestion) -> RecordedExchange? {
        var key = question.key
        if places[key] == nil { key = masked[question.route]?.first { $0.body.fits(question.body) }?.key ?? key }
        guard let places = places[key], let last = places.last else { return nil }
        let count = given[key, default: 0]
        given[key] = min(count + 1, places.count)
        return exchanges[places.indices.contains(count) ? places[count] : last]
    }

    /// How many recorded answers were not given yet.
    public var remainingCount: Int { exchanges.count - given.values.reduce(0, +) }

    private mutating func add(_ exchange: RecordedExchange) {
        let question = question(method: exchange.method, path: exchange.path, body: exchange.requestBody)
        if places[question.key] == nil, let body = MaskedValue(question.body) {
            masked[question.route, default: []].append((question.key, body))
        }
        places[question.key, default: []].append(exchanges.count)
        likenesses.append(RequestLikeness(question.body))
        exchanges.append(exchange)
    }

    /// What to say of a request that was not recorded.
    package func explanation(of question: ExchangeQuestion) -> String {
        let asked = "The request \(question.route) is not in the log"
        let same = exchanges.indices.filter { exchanges[$0].method == question.method && exchanges[$0].path == question.path }
        let likeness = RequestLikeness(question.body)
        // Of several that are as near, the first.
        let scores = same.map { likeness.score(against: likenesses[$0]) }
        guard let best = scores.max(), let place = scores.firstIndex(of: best) else {
            let routes = exchanges.reduce(into: [String]()) { routes, exchange in
                let route = "\(exchange.method) \(exchange.path)"
                if !routes.contains(route) { routes.append(route) }
            }
            return asked
                + (routes.isEmpty ? ", which has no requests at all." : ", which has \(routes.prefix(20).joined(separator: ", ")).")
        }
        let nearest = exchanges[same[place]]
        let recorded = match.comparable(nearest.requestBody)
        guard let difference = RequestDifference(asked: question.body, recorded: recorded) else { return asked + "." }
        let line = nearest.line.map { " (line \($0))" } ?? ""
        return asked + " with this body. The nearest of \(same.count)\(line) differs at \(difference.description)."
    }
}
