/// The way into a value: `$.a[0].b`.
struct ValuePath: CustomStringConvertible {
    enum Step {
        case member(String)
        case element(Int)
    }

    var steps: [Step] = []

    var description: String {
        steps.reduce("$") { path, step in
            switch step {
            case .element(let index): "\(path)[\(index)]"
            case .member(let key): Self.isPlain(key) ? "\(path).\(key)" : "\(path)[\(key.debugDescription)]"
            }
        }
    }

    private static func isPlain(_ key: String) -> Bool {
        guard let first = key.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return key.unicodeScalars.allSatisfy(ScalarSet.word.contains)
    }
}
