/// A part of a discussion.
enum TextBlock: Hashable {
    /// Prose, to be filled.
    case paragraph(String)
    /// Lines to be kept as they are.
    case verbatim([String])
}
