import ProviderKit
public import SessionLog

/// Hands on what happened in logs in another form, piece by piece: it keeps only what is open. No I/O.
public struct LogExport {
    /// The forms.
    public enum Format: String, Sendable, CaseIterable {
        /// Spans of OpenTelemetry: one `ExportTraceServiceRequest` in OTLP/JSON.
        case otlp
        /// Metrics of OpenTelemetry: one `ExportMetricsServiceRequest` in OTLP/JSON.
        case otlpMetrics = "otlp-metrics"
        /// The trace event format of Chrome, which Perfetto reads.
        case chrome
        /// Comma-separated values (RFC 4180), one row for each call.
        case csv
    }

    /// Which records have to be read.
    public static let query = RecordQuery(
        events: [EventName.llmRequestDebug, EventName.llmRequestRaw, EventName.logContent].map { "!" + $0 })

    private var form: any ExportForm
    private let filter: CallFilter
    private var tracker = StepTracker(keepsContents: true)

    /// An export that has begun.
    /// - Parameters:
    ///   - includesContents: whether prompts, answers, arguments and results of tools are part of it.
    ///   - conventions: the names of OpenTelemetry's attributes.
    ///   - filter: which calls, runs and turns are part of it.
    public init(
        _ format: Format, includesContents: Bool = false, conventions: SemanticConventions = .v141, filter: CallFilter = CallFilter()
    ) {
        self.filter = filter
        form =
            switch format {
            case .otlp: OTLPTraces(conventions, includesContents: includesContents)
            case .otlpMetrics: OTLPMetrics(conventions)
            case .chrome: ChromeTrace(includesContents: includesContents)
            case .csv: CallRows(includesContents: includesContents)
            }
    }

    /// What the file begins with.
    public mutating func begin() -> String { form.begin() }

    /// Takes the next record of a log. Returns what the file goes on with.
    public mutating func add(_ record: SessionRecord) -> String { text(of: tracker.add(record)) }

    /// The log is at its end; the next one may follow.
    public mutating func endLog() -> String {
        defer { tracker = StepTracker(keepsContents: true) }
        return text(of: tracker.finish())
    }

    /// What the file ends with.
    public mutating func end() -> String { form.end() }

    private mutating func text(of steps: [StepTracker.Finished]) -> String {
        var text = ""
        for finished in steps {
            let isIncluded =
                switch finished.step {
                case .call(let call): filter.includes(call)
                case .tool(let run): filter.includes(run)
                case .turn(let turn): filter.includes(turn)
                }
            if isIncluded { text += form.text(of: finished) }
        }
        return text
    }
}

/// A form in which what happened is handed on.
protocol ExportForm {
    /// What the file begins with.
    mutating func begin() -> String
    /// What there is to be said of a step.
    mutating func text(of finished: StepTracker.Finished) -> String
    /// What the file ends with.
    mutating func end() -> String
}
