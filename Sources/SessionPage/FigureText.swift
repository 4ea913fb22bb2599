/// Figures as people read them. Numbers in a log may be anything; none is too large for these.
enum FigureText {
    /// A count with its thousands apart: `12,345`.
    static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = value < 0 ? "−" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.utf8.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A number of things: `1 call`, `12 calls`.
    static func count(_ value: Int, _ one: String, _ many: String? = nil) -> String {
        "\(count(value)) \(value == 1 ? one : many ?? one + "s")"
    }

    /// A time: `312 ms`, `2.91 s`, `1 min 12 s`, `3 h 02 min`, `5 days 3 h`.
    static func time(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "—" }
        guard seconds != 0 else { return "0 s" }
        guard seconds > 0 else { return "−" + time(-seconds) }
        switch seconds {
        case ..<0.00995: return decimal(seconds * 1000, places: 1) + " ms"
        case ..<0.9995: return decimal(seconds * 1000, places: 0) + " ms"
        case ..<59.95: return decimal(seconds, places: seconds < 9.995 ? 2 : 1) + " s"
        case ..<3_599.5:
            let whole = Int(seconds.rounded())
            return "\(whole / 60) min \(twoDigits(whole % 60)) s"
        case ..<172_800:
            let minutes = Int((seconds / 60).rounded())
            return "\(minutes / 60) h \(twoDigits(minutes % 60)) min"
        case ..<1e12:
            let hours = Int((seconds / 3600).rounded())
            return "\(count(hours / 24)) days \(hours % 24) h"
        default: return "—"
        }
    }

    /// A time: see `time(_:)` of seconds.
    static func time(_ duration: Duration) -> String { time(duration / .seconds(1)) }

    /// How long after the session's beginning: `+0.4 s`, `+3 min 12 s`.
    static func offset(_ seconds: Double) -> String {
        "+" + (seconds < 59.95 ? decimal(max(0, seconds), places: 1) + " s" : time(seconds))
    }

    /// A number with so many decimal places.
    static func decimal(_ value: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (value.magnitude * scale).rounded()
        guard scaled < 1e15 else { return value.description }
        let digits = String(Int(scaled))
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
        let text = places == 0 ? padded : padded.dropLast(places) + "." + padded.suffix(places)
        return value < 0 && scaled > 0 ? "−" + text : text
    }

    /// A number with three decimal places at most: `2`, `0.05`.
    static func number(_ value: Double) -> String {
        let text = decimal(value, places: 3)
        guard text.contains("."), !text.contains("e") else { return text }
        let trimmed = text.reversed().drop { $0 == "0" }
        return String((trimmed.first == "." ? trimmed.dropFirst() : trimmed).reversed())
    }

    /// A size: `512 bytes`, `1.5 MB`.
    static func bytes(_ count: Int) -> String {
        switch Double(count) {
        case ..<1000: FigureText.count(count, "byte")
        case ..<1e6: decimal(Double(count) / 1e3, places: 1) + " kB"
        case ..<1e9: decimal(Double(count) / 1e6, places: 1) + " MB"
        default: decimal(Double(count) / 1e9, places: 1) + " GB"
        }
    }

    private static func twoDigits(_ value: Int) -> String { (value < 10 ? "0" : "") + String(value) }
}
