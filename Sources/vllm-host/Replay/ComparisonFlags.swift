import ArgumentParsing
import Comparison

/// The options of commands that compare sessions: by how much they may differ, and how that is reported.
enum ComparisonFlags {
    static let thresholds = HostCommand.under(
        "Thresholds",
        [
            .value(
                "--compare", named: "NAME", hint: .choices(ComparedAspect.allCases.map(\.rawValue)), help: "What has to be the same.",
                isRepeatable: true, default: "text, tool_calls, finish_reason and failure"),
            .value("--max-differences", named: "N", hint: .integer, help: "How many calls may differ in that.", default: "0"),
            .value(
                "--min-similarity", named: "SHARE", hint: .number,
                help: "Texts that have this much in common, from 0 to 1, do not differ.", default: "1"),
            .value(
                "--max-logprob-drift", named: "NATS", hint: .number,
                help: "How much the logarithm of a token's probability may change, up to where the answers part.", default: "any"),
            .value(
                "--max-kl", named: "NATS", hint: .number,
                help: "What the Kullback-Leibler divergence at a token may be, estimated over the alternatives that both sides list.",
                default: "any"),
            .value(
                "--max-token-ratio", named: "RATIO", hint: .number, help: "How many times as many tokens all answers may have together.",
                default: "any"),
            .value(
                "--max-latency-ratio", named: "RATIO", hint: .number, help: "How many times as long the median call may take.",
                default: "any"),
            .value(
                "--max-ttft-ratio", named: "RATIO", hint: .number,
                help: "How many times as long the median call may take to its first token.", default: "any"),
        ])

    static let report = HostCommand.under(
        "Report",
        [
            .flag("--json", help: "Print the whole comparison as one JSON object on standard output and nothing else."),
            .value("-o", "--output", named: "FILE", hint: .file, help: "Write the report into a file in place of standard output."),
            .value("--html", named: "FILE", hint: .file, help: "Write it as a page for the browser, too."),
        ])

    /// What the command line says of thresholds.
    /// - Throws: `UsageError`.
    static func thresholds(_ command: ParsedCommand) throws(UsageError) -> ComparisonThresholds {
        var thresholds = ComparisonThresholds()
        let aspects = command.values("compare").compactMap(ComparedAspect.init(rawValue:))
        if !aspects.isEmpty { thresholds.aspects = Set(aspects) }
        thresholds.maximumDifferences = try command.int("max-differences", in: 0 ... .max) ?? 0
        thresholds.minimumSimilarity = try command.double("min-similarity", in: 0...1)
        thresholds.maximumLogprobDrift = try number("max-logprob-drift", command)
        thresholds.maximumDivergence = try number("max-kl", command)
        thresholds.maximumTokenRatio = try number("max-token-ratio", command)
        thresholds.maximumLatencyRatio = try number("max-latency-ratio", command)
        thresholds.maximumFirstTokenRatio = try number("max-ttft-ratio", command)
        return thresholds
    }

    private static func number(_ key: String, _ command: ParsedCommand) throws(UsageError) -> Double? {
        try command.double(key, in: 0...Double.greatestFiniteMagnitude)
    }
}

extension ExitStatus {
    /// The code that a comparison ends with.
    static func code(of verdict: SessionComparison.Verdict) -> Int32 {
        switch verdict {
        case .same: done
        case .different: different
        case .incomplete: incomplete
        }
    }
}
