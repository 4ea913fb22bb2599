import JSON

/// The first place at which two requests differ.
struct RequestDifference: Sendable, Hashable {
    /// The place, as in `messages[2].content[0].text`; empty for the whole.
    var path: String
    /// What is asked; `nil` where the member is missing.
    var asked: JSONValue?
    /// What was recorded; `nil` where the member is missing.
    var recorded: JSONValue?

    /// The first difference of two values in canonical spelling; `nil` where there is none.
    init?(asked: JSONValue?, recorded: JSONValue?, at path: String = "") {
        guard asked != recorded else { return nil }
        switch (asked, recorded) {
        case (.object(let left)?, .object(let right)?):
            let keys = left.keys + right.keys.filter { left[$0] == nil }
            for key in keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                let inner = path.isEmpty ? key : "\(path).\(key)"
                if let found = RequestDifference(asked: left[key], recorded: right[key], at: inner) {
                    self = found
                    return
                }
            }
        case (.array(let left)?, .array(let right)?):
            for index in 0..<max(left.count, right.count) {
                let values = [left, right].map { $0.indices.contains(index) ? $0[index] : nil }
                if let found = RequestDifference(asked: values[0], recorded: values[1], at: "\(path)[\(index)]") {
                    self = found
                    return
                }
            }
        default: break
        }
        (self.path, self.asked, self.recorded) = (path, asked, recorded)
    }

    /// `messages[0].content: asked "Hi", recorded "Hello"`, long values cut around the place where they begin to differ.
    var description: String {
        let (left, right) = Self.shown(asked?.text, recorded?.text)
        return "\(path.isEmpty ? "the whole" : path): asked \(left), recorded \(right)"
    }

    /// The difference as JSON.
    var json: JSONValue {
        let (left, right) = Self.shown(asked?.text, recorded?.text)
        return ["path": .string(path), "asked": .string(left), "recorded": .string(right)]
    }

    /// How much of a value is shown.
    private static let shownLength = 80

    private static func shown(_ left: String?, _ right: String?) -> (String, String) {
        let common = zip(left ?? "", right ?? "").prefix { $0 == $1 }.count
        let start = max(0, common - shownLength / 4)
        func cut(_ text: String?) -> String {
            guard let text else { return "nothing" }
            guard text.utf8.count > shownLength else { return text }
            let rest = text.dropFirst(start)
            return (start > 0 ? "…" : "") + rest.prefix(shownLength) + (rest.count > shownLength ? "…" : "")
        }
        return (cut(left), cut(right))
    }
}
