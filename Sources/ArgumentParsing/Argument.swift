/// An argument of a command, known by its place: the `FILE` of `config check FILE`.
public struct Argument: Sendable, Hashable {
    /// The word that stands for it in help and messages, in capitals: `FILE`.
    public var name: String
    /// Whether it may be left out.
    public var isOptional: Bool
    /// Whether it takes all arguments that are left; only the last one of a command may.
    public var isRepeatable: Bool
    /// What it is, in a sentence.
    public var help: String
    /// What it holds.
    public var hint: ValueHint

    /// An argument; see the properties for the parameters.
    public init(_ name: String, hint: ValueHint = .text, help: String, isOptional: Bool = false, isRepeatable: Bool = false) {
        self.name = name
        self.isOptional = isOptional
        self.isRepeatable = isRepeatable
        self.help = help
        self.hint = hint
    }
}

extension Argument {
    /// As usage lines write it: `FILE`, `[FILE]`, `FILE...`, `[FILE...]`.
    var usage: String {
        let text = isRepeatable ? "\(name)..." : name
        return isOptional ? "[\(text)]" : text
    }

    /// The sentence of help, with the choices behind it.
    var fullHelp: String {
        if case .choices(let words) = hint { "\(help) [one of: \(words.joined(separator: ", "))]" } else { help }
    }
}
