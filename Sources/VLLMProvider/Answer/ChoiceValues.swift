/// Values of an answer's choices, by the numbers of the choices. Most answers have one, the first: its value stands by itself, so that it is
/// reached without a search and changed in its place.
struct ChoiceValues<Value> {
    private var first: Value?
    private var others: [Int: Value] = [:]

    /// The value of a choice; `nil` where it has none.
    subscript(number: Int) -> Value? {
        get { number == 0 ? first : others[number] }
        _modify {
            if number == 0 { yield &first } else { yield &others[number] }
        }
    }

    /// Whether a choice has a value.
    func contains(_ number: Int) -> Bool { number == 0 ? first != nil : others[number] != nil }

    /// The numbers of the choices that have a value, in order.
    var numbers: [Int] { (first == nil ? [] : [0]) + others.keys.sorted() }

    /// Takes a value out while it changes beside others of the same owner, so that what it holds is not copied.
    mutating func take(_ number: Int) -> Value? {
        guard number == 0 else { return others.removeValue(forKey: number) }
        var taken: Value?
        swap(&taken, &first)
        return taken
    }
}
