/// The known name that somebody who wrote `name` probably meant; `nil` where none is near.
///
/// Near is a name of which at most a third of the letters (but always one) is wrong: missing, too many, another one, or swapped with its
/// neighbour. Case does not matter, nor do `_`, `-` and `.`: `baseURL` and `base-url` are both `base_url`. Of equally near names the first
/// is taken. A single letter is a misspelling of anything, and suggests nothing.
public func nearest(to name: String, among known: [String]) -> String? {
    let written = letters(of: name)
    guard written.count > 1 else { return nil }
    var nearest: (name: String, distance: Int)?
    for candidate in known {
        let letters = letters(of: candidate)
        let limit = max(1, max(letters.count, written.count) / 3)
        // The distance is at least the difference in length: this keeps a very long name cheap.
        guard abs(letters.count - written.count) <= limit else { continue }
        let distance = editDistance(written, letters)
        if distance <= limit, distance < nearest?.distance ?? .max { nearest = (candidate, distance) }
    }
    return nearest?.name
}

private func letters(of name: String) -> [Character] {
    Array(name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != "." })
}

/// How many letters must be inserted, deleted, replaced or swapped with their neighbour to turn one word into the other
/// (the optimal string alignment distance).
func editDistance(_ source: [Character], _ target: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...target.count)
    for (row, letter) in source.enumerated() {
        var current = [row + 1]
        for (column, other) in target.enumerated() {
            var distance = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
            if row > 0, column > 0, letter == target[column - 1], source[row - 1] == other {
                distance = min(distance, beforeLast[column - 1] + 1)
            }
            current.append(distance)
        }
        (beforeLast, last) = (last, current)
    }
    return last[target.count]
}
