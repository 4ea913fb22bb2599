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
        var key = key(method, path, body)
        if places[key] == nil, let others = masked["\(method) \(path)"] {
            let asked = match.comparable(body)
            key = others.first { $0.body.fits(asked) }?.key ?? key
        }
        guard let places = places[key], let last = places.last else { return .nothing(explanation(method, path, body)) }
        let count = given[key, default: 0]
        given[key] = min(count + 1, places.count)
        return .exchange(exchanges[places.indices.contains(count) ? places[count] : last])
    }

    /// How many recorded answers were not given yet.
    public var remainingCount: Int { exchanges.count - given.values.reduce(0, +) }

    private mutating func add(_ exchange: RecordedExchange) {
        let key = key(exchange.method, exchange.path, exchange.requestBody)
        if places[key] == nil, let body = MaskedValue(match.comparable(exchange.requestBody)) {
            masked["\(exchange.method) \(exchange.path)", default: []].append((key, body))
        }
        places[key, default: []].append(exchanges.count)
        exchanges.append(exchange)
    }

    private func key(_ method: String, _ path: String, _ body: JSONValue?) -> String {
        "\(method) \(path) \(match.comparable(body).digest)"
    }

    /// What to say of a request that was not recorded.
    private func explanation(_ method: String, _ path: String, _ body: JSONValue?) -> String {
        let asked = "The request \(method) \(path) is not in the log"
        let same = exchanges.enumerated().filter { $0.element.method == method && $0.element.path == path }
        guard !same.isEmpty else {
            let routes = exchanges.reduce(into: [String]()) { routes, exchange in
                let route = "\(exchange.method) \(exchange.path)"
                if !routes.contains(route) { routes.append(route) }
            }
            return asked
                + (routes.isEmpty ? ", which has no requests at all." : ", which has \(routes.prefix(20).joined(separator: ", ")).")
        }
        let value = match.comparable(body)
        var nearest: (score: Int, line: Int?, difference: RequestDifference)?
        for (_, exchange) in same {
            let other = match.comparable(exchange.requestBody)
            guard let difference = RequestDifference(asked: value, recorded: other) else { continue }
            let score = Self.likeness(value, other)
            if nearest.map({ score > $0.score }) ?? true { nearest = (score, exchange.line, difference) }
        }
        guard let nearest else { return asked + "." }
        let place = nearest.line.map { " (line \($0))" } ?? ""
        return asked + " with this body. The nearest of \(same.count)\(place) differs at \(nearest.difference.description)."
    }

    /// How much two bodies have in common: messages from the first on, then other members.
    private static func likeness(_ left: JSONValue, _ right: JSONValue) -> Int {
        guard let members = left.object, let others = right.object else { return 0 }
        let messages = zip(members["messages"]?.array ?? [], others["messages"]?.array ?? []).prefix { $0 == $1 }.count
        return messages * 100 + members.count { others[$0.key] == $0.value }
    }
}
