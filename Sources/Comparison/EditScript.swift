/// The fewest elements to take out of one sequence and to put in for it to become another one (Myers, 1986), in memory that grows with the
/// sequences alone: the middle of the shortest path is searched from both ends, then the halves.
struct EditScript {
    /// Which elements of the old sequence are not in the new one.
    private(set) var isRemoved: [Bool]
    /// Which elements of the new sequence are not in the old one.
    private(set) var isAdded: [Bool]
    /// Whether the search was given up somewhere: what is left there counts as replaced, although parts of it may be equal.
    private(set) var isApproximate = false

    private let old: [Int32]
    private let new: [Int32]
    /// How many steps may still be taken.
    private var budget: Int
    /// The furthest places reached, for each diagonal: from the front, and from the back.
    private var forward: [Int] = []
    private var backward: [Int] = []

    private struct Section {
        var old: Range<Int>
        var new: Range<Int>
    }

    /// Compares two sequences.
    /// - Parameter budget: bounds the time: long sequences with little in common take as many steps as the product of their lengths.
    init(from old: [Int32], to new: [Int32], budget: Int = 20_000_000) {
        self.old = old
        self.new = new
        self.budget = budget
        isRemoved = Array(repeating: false, count: old.count)
        isAdded = Array(repeating: false, count: new.count)
        var sections = [Section(old: 0..<old.count, new: 0..<new.count)]
        while let section = sections.popLast().map(trimmed) {
            if section.old.isEmpty || section.new.isEmpty {
                replace(section)
            } else if let (before, behind) = halves(of: section) {
                sections += [behind, before]
            } else {
                isApproximate = true
                replace(section)
            }
        }
    }

    private mutating func replace(_ section: Section) {
        for index in section.old { isRemoved[index] = true }
        for index in section.new { isAdded[index] = true }
    }

    /// The section without what it begins and ends with on both sides.
    private func trimmed(_ section: Section) -> Section {
        var (start, newStart) = (section.old.lowerBound, section.new.lowerBound)
        var (end, newEnd) = (section.old.upperBound, section.new.upperBound)
        while start < end, newStart < newEnd, old[start] == new[newStart] {
            start += 1
            newStart += 1
        }
        while start < end, newStart < newEnd, old[end - 1] == new[newEnd - 1] {
            end -= 1
            newEnd -= 1
        }
        return Section(old: start..<end, new: newStart..<newEnd)
    }

    /// What lies before and behind the middle of the shortest path; `nil` where finding it takes more steps than there are left.
    /// Neither side is empty, and both their first and their last elements differ.
    private mutating func halves(of section: Section) -> (before: Section, behind: Section)? {
        let (count, newCount) = (section.old.count, section.new.count)
        let delta = count - newCount
        let limit = (count + newCount + 1) / 2
        // Diagonals run from -limit to limit; one more on each side is looked at.
        let centre = limit + 1
        let size = 2 * centre + 1
        // Filling these costs as much as a step each.
        budget -= size
        forward = Array(repeating: 0, count: size)
        backward = Array(repeating: 0, count: size)
        for distance in 0...limit {
            // Beyond these diagonals there is nothing.
            let lowest = -(distance - 2 * max(0, distance - newCount))
            let highest = distance - 2 * max(0, distance - count)
            for diagonal in stride(from: lowest, through: highest, by: 2) {
                let start = Self.next(forward, centre, diagonal, distance)
                var place = start
                while place < count, place - diagonal < newCount,
                    old[section.old.lowerBound + place] == new[section.new.lowerBound + place - diagonal]
                {
                    place += 1
                }
                budget -= place - start + 1
                forward[centre + diagonal] = place
                let opposite = delta - diagonal
                if !delta.isMultiple(of: 2), abs(opposite) < distance, place + backward[centre + opposite] >= count {
                    return split(section, from: (start, start - diagonal), to: (place, place - diagonal))
                }
            }
            for diagonal in stride(from: lowest, through: highest, by: 2) {
                let start = Self.next(backward, centre, diagonal, distance)
                var place = start
                while place < count, place - diagonal < newCount,
                    old[section.old.upperBound - 1 - place] == new[section.new.upperBound - 1 - (place - diagonal)]
                {
                    place += 1
                }
                budget -= place - start + 1
                backward[centre + diagonal] = place
                let opposite = delta - diagonal
                if delta.isMultiple(of: 2), abs(opposite) <= distance, place + forward[centre + opposite] >= count {
                    return split(
                        section, from: (count - place, newCount - (place - diagonal)), to: (count - start, newCount - (start - diagonal)))
                }
            }
            if budget < 0 { return nil }
        }
        return nil
    }

    /// The furthest place on a diagonal that one more step leads to.
    private static func next(_ reached: [Int], _ centre: Int, _ diagonal: Int, _ distance: Int) -> Int {
        let (above, below) = (reached[centre + diagonal - 1], reached[centre + diagonal + 1])
        return diagonal == -distance || (diagonal != distance && above < below) ? below : above + 1
    }

    private func split(_ section: Section, from start: (Int, Int), to end: (Int, Int)) -> (before: Section, behind: Section) {
        let (old, new) = (section.old, section.new)
        return (
            Section(old: old.lowerBound..<old.lowerBound + start.0, new: new.lowerBound..<new.lowerBound + start.1),
            Section(old: old.lowerBound + end.0..<old.upperBound, new: new.lowerBound + end.1..<new.upperBound)
        )
    }
}
