/// A heading under which help and the manual page list options together.
public struct OptionGroup: Sendable, Hashable {
    /// The heading: "Sampling".
    public var title: String
    /// What the options have in common, in a sentence or two.
    public var note: String
    /// Whether help only names the options, many in a line, so that it stays readable; the manual page always says what each does.
    public var isBrief: Bool

    /// A group; see the properties for the parameters.
    public init(_ title: String, note: String = "", isBrief: Bool = false) {
        self.title = title
        self.note = note
        self.isBrief = isBrief
    }
}
