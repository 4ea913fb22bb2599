/// The known name that somebody probably meant.
enum Suggestion {
    /// A hint that names the nearest of the known names, or lists them where none is near and they are few.
    static func hint(for name: String, among known: [String]) -> String? {
        if let nearest = nearest(to: name, among: known) { return "did you mean `\(nearest)`?" }
        return known.isEmpty || known.count > 8 ? nil : "known: \(known.joined(separator: ", "))"
    }

    /// The nearest of the known names, if one is near enough to be what was meant: at most a third of its letters differ.
    static func nearest(to name: String, among known: [String]) -> String? {
        let written = normalized(name)
        var nearest: (name: String, distance: Int)?
        for candidate in known {
            let letters = normalized(candidate)
            let limit = max(1, max(letters.count, written.count) / 3)
            // The distance is quadratic, and at least the difference in length.
            guard abs(letters.count - written.count) <= limit else { continue }
            let distance = distance(written, letters)
            if distance <= limit, distance < nearest?.distance ?? .max { nearest = (candidate, distance) }
        }
        return nearest?.name
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
