public import JSON

extension SessionComparison {
    /// The comparison as JSON: what `replay run --json` prints. Times are in milliseconds, divergences in nats.
    public var json: JSONValue {
        [
            "verdict": .string(verdict.rawValue), "old": old.json, "new": new.json, "summary": summary.json, "thresholds": thresholds.json,
            "excesses": .array(excesses.map(\.json)), "notes": .array((notes + uncheckedThresholds).map { .string($0) }),
            "omissions": .array(omissions.map(\.json)), "variance": .array(variance.map(\.json)),
            "calls": .array(calls.map { $0.json(isDifferent: thresholds.isDifferent($0)) }),
        ]
    }
}

extension ComparedSession {
    fileprivate var json: JSONValue {
        [
            "label": .string(label), "log": .optional(log), "session_id": .optional(sessionID),
            "models": .array(models.map { .string($0) }),
        ]
    }
}

extension SessionComparison.Omission {
    fileprivate var json: JSONValue {
        [
            "call": .integer(number), "session": .string(isNew ? "new" : "old"), "request_id": .optional(requestID),
            "reason": .string(reason),
        ]
    }
}

extension AnswerVariance {
    fileprivate var json: JSONValue {
        ["call": .integer(number), "answers": .integer(answers), "distinct": .integer(distinct)]
    }
}

extension ThresholdExcess {
    fileprivate var json: JSONValue {
        // JSON has no infinity: null.
        ["name": .string(name), "limit": .double(limit), "value": .double(value), "call": .optional(call)]
    }
}

extension ComparisonThresholds {
    fileprivate var json: JSONValue {
        [
            "compare": .array(ComparedAspect.allCases.filter(aspects.contains).map { .string($0.rawValue) }),
            "max_differences": .integer(maximumDifferences), "min_similarity": .optional(minimumSimilarity),
            "max_logprob_drift": .optional(maximumLogprobDrift), "max_kl": .optional(maximumDivergence),
            "max_token_ratio": .optional(maximumTokenRatio), "max_latency_ratio": .optional(maximumLatencyRatio),
            "max_ttft_ratio": .optional(maximumFirstTokenRatio),
        ]
    }
}

extension ComparisonSummary {
    fileprivate var json: JSONValue {
        let counts = ComparedAspect.allCases.map { ($0.rawValue, JSONValue.integer(differences[$0] ?? 0)) }
        return [
            "calls": .integer(calls), "differing": .integer(differing), "differences": .object(JSONObject(counts)),
            "mean_similarity": .optional(meanSimilarity), "logprob_drift": .optional(logprobDrift), "kl": .optional(divergence),
            "old": old.json, "new": new.json,
        ]
    }
}

extension ComparisonSummary.Side {
    fileprivate var json: JSONValue {
        [
            "failures": .integer(failures), "input_tokens": .count(inputTokens), "output_tokens": .count(outputTokens),
            "time_to_first_token_ms": .optional(timeToFirstToken), "time_per_output_token_ms": .optional(timePerOutputToken),
            "duration_ms": .optional(duration),
        ]
    }
}

extension JSONValue {
    static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    static func optional(_ number: Int?) -> JSONValue { number.map { .integer($0) } ?? .null }
    static func optional(_ number: Double?) -> JSONValue { number.map { .double($0) } ?? .null }

    /// A sum of counts, which is whole unless it is beyond reason.
    fileprivate static func count(_ number: Double?) -> JSONValue {
        number.map { number in Int(exactly: number).map { .integer($0) } ?? .double(number) } ?? .null
    }

    static func optional(_ distribution: Distribution?) -> JSONValue {
        guard let distribution else { return .null }
        return [
            "count": .integer(distribution.count), "mean": .double(distribution.mean), "p50": .double(distribution.p50),
            "p90": .double(distribution.p90), "p99": .double(distribution.p99), "max": .double(distribution.max),
        ]
    }
}
