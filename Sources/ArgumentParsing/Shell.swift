/// A shell for which completion scripts can be made.
public enum Shell: String, Sendable, Hashable, CaseIterable {
    /// GNU Bash, from 3.2.
    case bash
    /// Z shell.
    case zsh
    /// fish, from 3.0.
    case fish
}
