/// The faults that are still to come: rules, with how many requests each has seen.
struct FaultScript: Sendable {
    /// So many different headers are counted; then the counts begin anew.
    private static let headerLimit = 100_000

    private var rules: [(rule: FaultRule, seen: Int)]
    private var headers: [String: Int] = [:]

    init(_ rules: [FaultRule]) {
        self.rules = rules.map { ($0, 0) }
    }

    /// The fault of a request, which is counted.
    /// - Parameter header: what the request itself asks for.
    /// - Throws: `SimulatorError` where the header cannot be read.
    mutating func fault(path: String, header: String?) throws(SimulatorError) -> SimulatedFault? {
        var found: SimulatedFault?
        if let header {
            let rule = try FaultRule(parsing: header)
            if rule.concerns(path) {
                if headers.count >= Self.headerLimit { headers = [:] }
                let seen = headers[header, default: 0]
                headers[header] = seen + 1
                if rule.holds(after: seen) { found = rule.fault }
            }
        }
        for index in rules.indices where rules[index].rule.concerns(path) {
            if found == nil, rules[index].rule.holds(after: rules[index].seen) { found = rules[index].rule.fault }
            rules[index].seen += 1
        }
        return found
    }
}
