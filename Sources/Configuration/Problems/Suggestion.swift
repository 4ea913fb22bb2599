import Suggestions

/// The hint of a message about a name that nobody knows.
enum Suggestion {
    /// Names the nearest of the known names, or lists them where none is near and they are few.
    static func hint(for name: String, among known: [String]) -> String? {
        if let nearest = nearest(to: name, among: known) { return "did you mean `\(nearest)`?" }
        return known.isEmpty || known.count > 8 ? nil : "known: \(known.joined(separator: ", "))"
    }
}
