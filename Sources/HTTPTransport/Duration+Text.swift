extension Duration {
    /// In whole milliseconds as libcurl takes a time limit: at least one, since it reads zero as its own default.
    var curlMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }

    /// In whole milliseconds, rounded up, so that whoever waits so long does not wake too early; none below zero.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        guard self > .zero else { return 0 }
        guard seconds < Int64(Int32.max) / 1000 else { return Int64(Int32.max) }
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }

    /// For people: `10 s`, `1.5 s`, `200 ms`.
    package var text: String {
        let milliseconds = curlMilliseconds
        guard milliseconds >= 1000 else { return "\(milliseconds) ms" }
        guard milliseconds % 1000 != 0 else { return "\(milliseconds / 1000) s" }
        return "\(Double(milliseconds) / 1000) s"
    }
}
