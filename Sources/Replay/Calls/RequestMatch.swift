/// Which recorded request is taken for the same as the one that is asked.
public enum RequestMatch: String, Sendable, CaseIterable {
    /// The same conversation, tools and settings of the answer; ids, limits of time and the like may differ.
    case strict
    /// The same texts of messages and results of tools.
    case loose
}
