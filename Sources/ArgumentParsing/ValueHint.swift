import Suggestions

/// What a value on the command line is: decides what is accepted, how help names it, and what a shell offers for it.
public enum ValueHint: Sendable, Hashable {
    /// Any text; shells offer nothing.
    case text
    /// The path of a file. Whether it exists is the program's to say.
    case file
    /// The path of a folder. Whether it exists is the program's to say.
    case directory
    /// One of these words, spelled exactly so.
    case choices([String])
    /// A whole number.
    case integer
    /// A finite decimal number.
    case number
    /// `KEY=VALUE` with a key that is not empty; the value may be.
    case keyValue

    /// The word that stands for the value in help where the declaration gives none.
    var placeholder: String {
        switch self {
        case .text: "TEXT"
        case .file: "FILE"
        case .directory: "DIRECTORY"
        case .choices(let words): words.joined(separator: "|")
        case .integer, .number: "N"
        case .keyValue: "KEY=VALUE"
        }
    }

    /// What is wrong with `value` (a clause that follows the name of the option or argument) and a better one, or nil if it is acceptable.
    func problem(with value: String) -> (clause: String, better: String?)? {
        switch self {
        case .text, .file, .directory:
            return nil
        case .choices(let words):
            if words.contains(value) { return nil }
            return ("must be one of \(words.joined(separator: ", ")), not `\(value)`", nearest(to: value, among: words))
        case .integer:
            if Int(value) != nil { return nil }
            return ("must be a whole number, not `\(value)`", nil)
        case .number:
            if Double(value)?.isFinite == true { return nil }
            return ("must be a number, not `\(value)`", nil)
        case .keyValue:
            if let equals = value.firstIndex(of: "="), equals != value.startIndex { return nil }
            return ("must be KEY=VALUE, not `\(value)`", nil)
        }
    }
}
