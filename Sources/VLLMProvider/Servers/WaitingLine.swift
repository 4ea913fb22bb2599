/// Those who wait, first come, first served. Leaving from anywhere costs O(1), spread over all.
struct WaitingLine<Element: Sendable>: Sendable {
    private var elements: [Int: Element] = [:]
    /// Numbers in the order of arrival; those without element have left.
    private var order: [Int] = []
    private var first = 0
    private var arrivals = 0

    var count: Int { elements.count }
    var isEmpty: Bool { elements.isEmpty }

    /// Goes to the end of the line.
    /// - Returns: the number by which it leaves.
    mutating func append(_ element: Element) -> Int {
        arrivals += 1
        elements[arrivals] = element
        order.append(arrivals)
        return arrivals
    }

    /// Takes one out; `nil` where it has left before.
    mutating func remove(_ number: Int) -> Element? {
        guard let element = elements.removeValue(forKey: number) else { return nil }
        while first < order.count, elements[order[first]] == nil { first += 1 }
        guard order.count - elements.count > max(order.count / 2, 32) else { return element }
        order = order[first...].filter { elements[$0] != nil }
        first = 0
        return element
    }

    /// Goes through the line from its head.
    /// - Parameter decide: what becomes of an element: it leaves the line where this says `true`, and with `nil` nobody behind it is looked at.
    mutating func visit(_ decide: (_ number: Int, Element) -> Bool?) {
        var leaving: [Int] = []
        for number in order[first...] {
            guard let element = elements[number] else { continue }
            guard let leaves = decide(number, element) else { break }
            if leaves { leaving.append(number) }
        }
        for number in leaving { _ = remove(number) }
    }
}
