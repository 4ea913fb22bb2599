/// Figures for people.
enum FigureText {
    /// `0.42 ms`, `123 ms`, `1.23 s`, `2 min 3 s`, `5 h 12 min`; `-` for none.
    static func duration(_ seconds: Double?) -> String {
        guard let seconds, seconds.isFinite, seconds >= 0 else { return "-" }
        if seconds < 0.9995 { return threeDigits(seconds * 1000) + " ms" }
        if seconds < 59.95 { return threeDigits(seconds) + " s" }
        let whole = Int(min(seconds, 1e12).rounded())
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// `12,345`
    static func count(_ number: Int) -> String {
        var groups: [Substring] = []
        var digits = Substring(String(number.magnitude))
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = digits.dropLast(3)
        }
        return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// `1 call`, `2 calls`
    static func count(_ number: Int, _ noun: String) -> String { "\(count(number)) \(noun)\(number == 1 ? "" : "s")" }

    private static func threeDigits(_ number: Double) -> String {
        let places = number < 9.995 ? 2 : number < 99.95 ? 1 : 0
        let scaled = Int((number * [1, 10, 100][places]).rounded())
        guard places > 0 else { return "\(scaled)" }
        let digits = String(scaled)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return "\(padded.dropLast(places)).\(padded.suffix(places))"
    }
}
