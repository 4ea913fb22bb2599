/// The outcome of a soak, for people.
struct SoakReport {
    /// How much the resident set may differ between the middle and the end of a run, in KiB: what allocators keep for themselves.
    private static let memorySlack = 8 << 10

    private let run: SoakRun
    private let outcome: SoakRun.Outcome

    init(_ run: SoakRun, _ outcome: SoakRun.Outcome) {
        self.run = run
        self.outcome = outcome
    }

    /// Whether nothing was lost, doubled or mixed up, and nothing grew.
    var isClean: Bool {
        let figures = outcome.figures
        return outcome.tally.isClean && figures[figures.count - 1].descriptors <= figures[0].descriptors
            && figures[figures.count - 2].memory <= figures[figures.count / 2].memory + Self.memorySlack
    }

    /// The report.
    var text: String {
        let tally = outcome.tally
        let faults = (1...run.requestCount).count { SoakFault.of($0, rate: run.faultRate) != .none }
        var lines = [
            "\(run.requestCount) requests, \(run.concurrency) at once, \(run.baseURLs.count) servers, \(faults) of them with a fault: "
                + "\(Int(outcome.seconds)) s, \(outcome.retries) retries",
            "answers \(tally.answers), refused as they had to be \(tally.refusals); lost \(tally.lost), duplicated \(tally.duplicated), "
                + "corrupted \(tally.corrupted)",
            "            descriptors  threads  resident KiB",
        ]
        for (index, figure) in outcome.figures.enumerated() {
            let name = index == 0 ? "start" : index <= 10 ? "\(index * 10) %" : "closed"
            lines.append([pad(name, 10), pad(figure.descriptors, 13), pad(figure.threads, 9), pad(figure.memory, 14)].joined())
        }
        return (lines + tally.complaints).joined(separator: "\n")
    }

    private func pad(_ value: some CustomStringConvertible, _ width: Int) -> String {
        let text = value.description
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
