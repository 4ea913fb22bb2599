/// Runs a program over a text in all its states at once, remembering for each where its match began.
struct Simulation {
    let program: Program

    func firstMatch(in text: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        var current = [Int](repeating: .max, count: program.instructions.count)
        var next = current
        var active: [Int] = []
        var reached: [Int] = []
        var best: Range<Int>?
        for position in 0...text.count {
            // What begins behind a match is not the first.
            if best == nil { follow(program.start, from: position, at: position, in: text, into: &current, &active) }
            if active.isEmpty, best != nil { break }
            for state in active {
                let start = current[state]
                if start > best?.lowerBound ?? .max { continue }
                switch program.instructions[state] {
                case .match:
                    if best == nil || start <= best?.lowerBound ?? .max { best = start..<position }
                case .byte(let range, let target):
                    if position < text.count, range.contains(text[position]) {
                        follow(target, from: start, at: position + 1, in: text, into: &next, &reached)
                    }
                case .split, .assertion: break
                }
            }
            for state in active { current[state] = .max }
            active.removeAll(keepingCapacity: true)
            swap(&current, &next)
            swap(&active, &reached)
        }
        return best
    }

    /// Enters a state, and all that can be entered from it without a byte.
    private func follow(
        _ state: Int, from start: Int, at position: Int, in text: UnsafeBufferPointer<UInt8>, into starts: inout [Int],
        _ active: inout [Int]
    ) {
        var pending = [state]
        while let state = pending.popLast() {
            guard start < starts[state] else { continue }
            if starts[state] == .max { active.append(state) }
            starts[state] = start
            switch program.instructions[state] {
            case .split(let left, let right):
                pending.append(right)
                pending.append(left)
            case .assertion(let assertion, let target):
                if Self.holds(assertion, at: position, in: text) { pending.append(target) }
            case .byte, .match: break
            }
        }
    }

    private static func holds(_ assertion: Assertion, at position: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        func isWord(_ position: Int) -> Bool {
            guard text.indices.contains(position) else { return false }
            switch text[position] {
            case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: return true
            default: return false
            }
        }
        switch assertion {
        case .start: return position == 0
        case .end: return position == text.count
        case .wordBoundary: return isWord(position - 1) != isWord(position)
        case .noWordBoundary: return isWord(position - 1) == isWord(position)
        }
    }
}
