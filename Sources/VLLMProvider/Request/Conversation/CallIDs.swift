/// Gives every call of a conversation an id of its own: the same ones each time, so that servers find the prompt in their prefix cache.
struct CallIDs {
    private let all: Set<String>
    private var used: Set<String> = []
    private var nextNumber: [String: Int] = [:]

    /// - Parameter all: the ids that the calls have, with those that occur more than once.
    init(all: [String]) { self.all = Set(all) }

    /// The id itself where it is the first of its kind; otherwise one made of it.
    ///
    /// Letters and digits alone are appended: some models, Mistral's among them, take no others, and look at an id's end only.
    mutating func unused(for id: String) -> String {
        if used.insert(id).inserted { return id }
        while true {
            let number = nextNumber[id] ?? 2
            nextNumber[id] = number + 1
            let candidate = "\(id)dup\(number)"
            if !all.contains(candidate), used.insert(candidate).inserted { return candidate }
        }
    }
}
