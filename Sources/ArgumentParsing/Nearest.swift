/// The candidate that `word` most likely is a misspelling of, or nil if none is near: at most a third of the longer word's letters
/// (but always one) may be wrong. Ties go to the first candidate.
func nearest(to word: String, among candidates: [String]) -> String? {
    let letters = Array(word.lowercased())
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
        let target = Array(candidate.lowercased())
        let allowed = max(1, max(letters.count, target.count) / 3)
        // The distance is at least the difference in length: this keeps a very long word cheap.
        guard abs(letters.count - target.count) <= allowed else { continue }
        let distance = editDistance(letters, target)
        if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.candidate
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
