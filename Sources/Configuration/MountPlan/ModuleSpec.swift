/// A module that a mount plan asks for.
public struct ModuleSpec: Sendable, Hashable {
    /// The keys of the root whose values are lists of modules.
    static let listKeys: Set<String> = ["providers", "tools", "hooks"]

    /// The module's name: `provider-vllm`.
    public var module: String
    /// Where the module comes from, where it is not built in: a path, a package, a Git URL.
    public var source: String?
    /// Where `source` is written; `nil` where the module stands.
    public var sourceOrigin: ConfigurationOrigin?
    /// The name of this instance, needed where a module is mounted more than once.
    public var instanceID: String?
    /// Its configuration, as written; `nil` where there is none.
    public var config: ConfigurationNode?
    /// Where it is asked for.
    public var origin: ConfigurationOrigin
    /// Its key path in the plan: `providers[0]`.
    public var path: String

    /// A module.
    public init(
        module: String, source: String? = nil, sourceOrigin: ConfigurationOrigin? = nil, instanceID: String? = nil,
        config: ConfigurationNode? = nil, origin: ConfigurationOrigin = .default, path: String
    ) {
        self.module = module
        self.source = source
        self.sourceOrigin = sourceOrigin
        self.instanceID = instanceID
        self.config = config
        self.origin = origin
        self.path = path
    }

    /// The name under which it is mounted: the instance's, else the module's without the kind in front (`provider-vllm` mounts as `vllm`).
    public var mountName: String {
        if let instanceID { return instanceID }
        for kind in ["provider-", "tool-", "hooks-"] where module.hasPrefix(kind) { return String(module.dropFirst(kind.count)) }
        return module
    }
}
