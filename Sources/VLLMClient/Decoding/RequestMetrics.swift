/// The number of requests among a vLLM server's metrics (vLLM 0.4.0 to 0.32), in Prometheus' text format.
enum RequestMetrics {
    private static let names = ["vllm:num_requests_running", "vllm:num_requests_waiting"].map { Array($0.utf8) }

    /// Running and waiting requests of all engines and models together; `nil` where the metrics tell none.
    static func count(_ text: [UInt8]) -> Int? {
        var sum: Double?
        for line in text.split(separator: UInt8(ascii: "\n")) where names.contains(where: { isSample(line, of: $0) }) {
            // `name{labels} value`; no vLLM writes the time behind it that the format allows.
            guard let value = line.split(separator: UInt8(ascii: " ")).last.flatMap({ Double(String(decoding: $0, as: UTF8.self)) }) else {
                continue
            }
            sum = (sum ?? 0) + max(value, 0)
        }
        return sum.flatMap { $0.isFinite ? Int(min($0, Double(Int32.max))) : nil }
    }

    /// Whether a line is of this metric, and not of one whose name begins like it.
    private static func isSample(_ line: ArraySlice<UInt8>, of name: [UInt8]) -> Bool {
        guard line.starts(with: name), let next = line.dropFirst(name.count).first else { return false }
        return next == UInt8(ascii: "{") || next == UInt8(ascii: " ")
    }
}
