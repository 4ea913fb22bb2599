import JSON
import ProviderKit
import Timestamps

/// Metrics of OpenTelemetry: one `ExportMetricsServiceRequest` in OTLP/JSON with the histograms of the conventions, over all calls that there
/// are, by operation, provider, model and error.
struct OTLPMetrics: ExportForm {
    /// The histograms.
    private enum Metric: Int, CaseIterable {
        case duration
        case timeToFirstChunk
        case timePerOutputChunk
        case inputTokens
        case outputTokens
    }

    /// What tells one point from others.
    private struct Series: Hashable {
        var operation: String
        var provider: String
        var model: String?
        var error: String?
    }

    /// Of more series than this the rest is counted under no model.
    private static let maximumSeriesCount = 1000

    private let conventions: SemanticConventions
    private var series: [Series: [OTLPHistogram]] = [:]
    private var first: LogTimestamp?
    private var last: LogTimestamp?

    init(_ conventions: SemanticConventions) {
        self.conventions = conventions
    }

    mutating func begin() -> String { "" }

    mutating func text(of finished: StepTracker.Finished) -> String {
        guard case .call(let call) = finished.step else { return "" }
        var key = Series(operation: call.operationName, provider: call.providerName, model: call.model, error: call.errorName)
        if series[key] == nil, series.count >= Self.maximumSeriesCount { key = Series(operation: "chat", provider: "unknown") }
        var histograms = series[key] ?? Metric.allCases.map { OTLPHistogram(bounds: Self.isOfTokens($0) ? .tokens : .seconds) }
        if let duration = call.duration { histograms[Metric.duration.rawValue].add(duration / .seconds(1)) }
        if let time = call.timeToFirstToken { histograms[Metric.timeToFirstChunk.rawValue].add(time / .seconds(1)) }
        for interval in call.tokenIntervals { histograms[Metric.timePerOutputChunk.rawValue].add(interval / .seconds(1)) }
        if let usage = call.usage {
            histograms[Metric.inputTokens.rawValue].add(Double(usage.inputTokens))
            histograms[Metric.outputTokens.rawValue].add(Double(usage.outputTokens))
        }
        series[key] = histograms
        if let start = call.start { first = min(first ?? start, start) }
        if let end = call.endOrStart { last = max(last ?? end, end) }
        return ""
    }

    mutating func end() -> String {
        let metrics =
            switch conventions {
            case .v141:
                [
                    metric(conventions.duration, "s", [(.duration, nil)]),
                    metric(conventions.timeToFirstChunk, "s", [(.timeToFirstChunk, nil)]),
                    metric(conventions.timePerOutputChunk, "s", [(.timePerOutputChunk, nil)]),
                    metric("gen_ai.client.token.usage", "{token}", [(.inputTokens, "input"), (.outputTokens, "output")]),
                ]
            case .genAILatest:
                [
                    metric(conventions.duration, "s", [(.duration, nil)]),
                    metric(conventions.timeToFirstChunk, "s", [(.timeToFirstChunk, nil)]),
                    metric(conventions.timePerOutputChunk, "s", [(.timePerOutputChunk, nil)]),
                    metric("gen_ai.client.inference.operation.input_tokens", "{token}", [(.inputTokens, nil)]),
                    metric("gen_ai.client.inference.operation.output_tokens", "{token}", [(.outputTokens, nil)]),
                ]
            }
        let scope: JSONValue = [
            "scope": OTLPResource.scope, "schemaUrl": .string(conventions.schemaURL), "metrics": .array(metrics.compactMap(\.self)),
        ]
        let resource: JSONValue = [
            "resource": OTLPResource.resource, "schemaUrl": .string(conventions.schemaURL), "scopeMetrics": [scope],
        ]
        let request: JSONValue = ["resourceMetrics": [resource]]
        return request.text + "\n"
    }

    private static func isOfTokens(_ metric: Metric) -> Bool { metric == .inputTokens || metric == .outputTokens }

    /// A metric with a point for each series; `nil` where nothing was counted.
    /// - Parameter kinds: the histograms that it is made of, with the type of their tokens, where it tells them apart.
    private func metric(_ name: String, _ unit: String, _ kinds: [(Metric, tokenType: String?)]) -> JSONValue? {
        let points = series.sorted { "\($0.key)" < "\($1.key)" }.flatMap { key, histograms in
            kinds.compactMap { kind, type -> JSONValue? in
                let histogram = histograms[kind.rawValue]
                guard histogram.count > 0 else { return nil }
                var attributes = OTLPAttributes()
                attributes.set("gen_ai.operation.name", key.operation)
                attributes.set("gen_ai.provider.name", key.provider)
                attributes.set("gen_ai.request.model", key.model)
                attributes.set("error.type", key.error)
                attributes.set("gen_ai.token.type", type)
                var point = histogram.json
                point["attributes"] = .array(attributes.json)
                point["startTimeUnixNano"] = .string(first?.unixNanoseconds ?? "0")
                point["timeUnixNano"] = .string(last?.unixNanoseconds ?? "0")
                return .object(point)
            }
        }
        guard !points.isEmpty else { return nil }
        // Cumulative: all that there was since the beginning.
        let histogram: JSONValue = ["aggregationTemporality": 2, "dataPoints": .array(points)]
        return ["name": .string(name), "unit": .string(unit), "histogram": histogram]
    }
}
