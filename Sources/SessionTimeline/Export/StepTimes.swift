import Timestamps

extension ProviderCall {
    /// When it ended, or would have by its duration; when it began where nothing is known, and never before that.
    var endOrStart: LogTimestamp? {
        guard let start else { return end }
        if let end { return max(start, end) }
        return duration.map { start.advanced(by: $0) } ?? start
    }
}

extension LogTimestamp {
    /// The moment so much later.
    func advanced(by duration: Duration) -> LogTimestamp {
        let parts = duration.components
        let nanoseconds = nanoseconds + Int(parts.attoseconds / 1_000_000_000)
        let carried = nanoseconds / 1_000_000_000
        let (seconds, overflows) = seconds.addingReportingOverflow(Int(parts.seconds) + carried)
        return LogTimestamp(seconds: overflows ? .max : seconds, nanoseconds: nanoseconds - carried * 1_000_000_000)
    }

    /// Nanoseconds since 1970 as OTLP writes them in JSON: a text, of an unsigned number of 64 bits.
    var unixNanoseconds: String {
        guard seconds >= 0 else { return "0" }
        let (product, overflows) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return String(overflows ? .max : product.addingReportingOverflow(UInt64(nanoseconds)).partialValue)
    }
}
