/// The known name that somebody probably meant.
enum Suggestion {
    /// A hint that names the nearest of the known names, or lists them where none is near and they are few.
    static func hint(for name: String, among known: [String]) -> String? {
        if let nearest = nearest(to: name, among: known) { return "did you mean `\(nearest)`?" }
        return known.isEmpty || known.count > 8 ? nil : "known: \(known.joined(separator: ", "))"
    }

    /// The nearest of the known names, if one is near enough to be what was meant: at most a third of its letters differ.
    static func nearest(to name: String, among known: [String]) -> String? {
        // The distance is quadratic; nobody means a known name by something this long.
        guard name.utf8.count <= 64 else { return nil }
        let written = normalized(name)
        return
            known
            .map { (name: $0, distance: distance(written, normalized($0))) }
            .filter { $0.distance <= max(1, max($0.name.count, written.count) / 3) }
            .min { $0.distance < $1.distance }?.name
    }

    /// `baseURL`, `base-url` and `BASE_URL` are all near to `base_url`.
    private static func normalized(_ name: String) -> [Character] {
        Array(name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != "." })
    }

    /// How many letters have to be inserted, deleted, replaced or swapped with their neighbour (optimal string alignment).
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var row = [i + 1]
            for (j, other) in b.enumerated() {
                var best = min(last[j] + (letter == other ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, letter == b[j - 1], a[i - 1] == other { best = min(best, beforeLast[j - 1] + 1) }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
