/// Numbers for people.
enum Number {
    /// Four digits that count: `12.35`, `0.0001235`, `123456`.
    static func short(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "?" : number < 0 ? "-∞" : "∞" }
        let size = abs(number)
        if size >= 1e15 { return number.description }
        if size >= 1000 || number == 0 { return "\(Int(number.rounded()))" }
        var scale = 1.0
        while size * scale < 1000, scale < 1e12 { scale *= 10 }
        let rounded = (number * scale).rounded() / scale
        return rounded == rounded.rounded() ? "\(Int(rounded))" : rounded.description
    }

    /// A share of 1 in per cent: 100 % and 0 % only for all and nothing.
    static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "?" }
        let tenths = (min(max(share, 0), 1) * 1000).rounded()
        if tenths >= 1000, share < 1 { return "99.9 %" }
        if tenths <= 0, share > 0 { return "< 0.1 %" }
        return short(tenths / 10) + " %"
    }
}
