public import JSON
import ProviderKit
import Timestamps

extension SessionStatistics {
    /// The figures for a machine. Lengths of time are in milliseconds; quantiles are at most 1 % off.
    public var json: JSONObject {
        var object: JSONObject = [
            "logs": .integer(logCount), "sessions": .integer(sessionCount), "records": .integer(recordCount),
            "skipped_lines": .integer(skippedCount), "dropped_records": .integer(droppedCount), "prompts": .integer(promptCount),
            "turns": turnStatuses.json,
        ]
        object["start"] = start.map { .string($0.description) } ?? .null
        object["end"] = end.map { .string($0.description) } ?? .null
        object["calls"] = .object(calls.json)
        if let grouping {
            object["groups"] = .array(
                groups.sorted { $0.key < $1.key }.map { name, calls in
                    var group: JSONObject = [grouping.rawValue: .string(name)]
                    group.merge(calls.json)
                    return .object(group)
                })
        }
        object["tools"] = .array(
            tools.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { name, runs in
                var tool: JSONObject = ["name": .string(name)]
                tool.merge(runs.json)
                return .object(tool)
            })
        return object
    }
}

extension CallStatistics {
    /// The figures for a machine.
    public var json: JSONObject {
        var object: JSONObject = ["count": .integer(count)]
        for status in [ProviderCall.Status.ok, .error, .cancelled, .unfinished] {
            object[status.rawValue] = .integer(counts[status] ?? 0)
        }
        var tokens = usage.json.object ?? [:]
        tokens["cost_usd"] = nil
        object["usage"] = .object(tokens)
        object["calls_with_usage"] = .integer(countWithUsage)
        object["cost_usd"] = cost.map { .string($0) } ?? .null
        object["calls_without_cost"] = .integer(countWithoutCost)
        object["output_tokens_per_second"] = outputTokensPerSecond.map { .double($0.rounded(toPlaces: 1)) } ?? .null
        object["time_to_first_token_ms"] = timeToFirstToken.json
        object["time_per_output_token_ms"] = timePerOutputToken.json
        object["inter_token_latency_ms"] = interTokenLatency.json
        object["duration_ms"] = duration.json
        object["retries"] = .integer(retryCount)
        object["retried_calls"] = .integer(retriedCount)
        object["errors"] = errors.json
        object["retried_errors"] = retriedErrors.json
        object["finish_reasons"] = finishReasons.json
        return object
    }
}

extension ToolStatistics {
    /// The figures for a machine.
    public var json: JSONObject {
        [
            "count": .integer(count), "failures": .integer(failureCount), "unfinished": .integer(unfinishedCount),
            "duration_ms": duration.json,
        ]
    }
}

extension QuantileSketch {
    /// Count, mean, extremes and quantiles in milliseconds; `null` where there is nothing.
    public var json: JSONValue {
        guard count > 0 else { return .null }
        var object: JSONObject = ["count": .integer(count)]
        let quantiles = quantiles([0.5, 0.9, 0.99])
        let figures = [
            ("mean", mean), ("min", minimum), ("p50", quantiles[0]), ("p90", quantiles[1]), ("p99", quantiles[2]), ("max", maximum),
        ]
        for (name, seconds) in figures { object[name] = seconds.map { .double(($0 * 1000).rounded(toPlaces: 3)) } ?? .null }
        return .object(object)
    }
}

extension Tally {
    /// How often each word came up, the most frequent first.
    public var json: JSONValue { .object(JSONObject(sorted.map { ($0.word, .integer($0.count)) })) }
}

extension Double {
    /// The nearest number with so many decimal places.
    func rounded(toPlaces places: Int) -> Double {
        let factor = (0..<places).reduce(1.0) { factor, _ in factor * 10 }
        return (self * factor).rounded() / factor
    }
}
