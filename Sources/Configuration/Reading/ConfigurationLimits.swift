/// How large a configuration may be. The limits hold after aliases and environment variables are put in, so a small file cannot grow
/// into one that fills the memory.
public struct ConfigurationLimits: Sendable, Hashable {
    /// The most bytes of one file. Larger files are refused without reading them.
    public var fileBytes: Int
    /// How deep lists and mappings may be nested.
    public var depth: Int
    /// The most values (lists, mappings and single values) of one file.
    public var nodes: Int
    /// The most bytes of text in the values of one file.
    public var textBytes: Int

    /// Limits; the defaults are far above what a configuration needs.
    public init(fileBytes: Int = 1 << 20, depth: Int = 64, nodes: Int = 20_000, textBytes: Int = 8 << 20) {
        self.fileBytes = fileBytes
        self.depth = depth
        self.nodes = nodes
        self.textBytes = textBytes
    }
}
