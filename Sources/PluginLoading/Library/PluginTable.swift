public import CProviderPlugin

/// The functions of a plugin that this host can use: of its own version, and none of them missing.
public struct PluginTable: Sendable {
    typealias Instance = OpaquePointer
    typealias Call = OpaquePointer
    typealias Text = UnsafePointer<CChar>
    typealias Bytes = UnsafeMutablePointer<ProviderBytes>
    typealias Start = UnsafeMutablePointer<OpaquePointer?>
    typealias Context = UnsafeMutableRawPointer

    /// The module's name in mount plans.
    public let name: String
    /// The plugin's own version.
    public let version: String

    let create: @convention(c) (UnsafePointer<ProviderHost>?, Text?, Int, Start?, Bytes?) -> ProviderStatus
    let info: @convention(c) (Instance?, Bytes?) -> ProviderStatus
    let prepare: @convention(c) (Instance?, ProviderCallback?, Context?, Start?) -> ProviderStatus
    let listModels: @convention(c) (Instance?, ProviderCallback?, Context?, Start?) -> ProviderStatus
    let start: @convention(c) (Instance?, Text?, Int, Text?, Int, UInt32, ProviderCallback?, Context?, Start?, Bytes?) -> ProviderStatus
    let resume: @convention(c) (Call?) -> ProviderStatus
    let cancel: @convention(c) (Call?) -> ProviderStatus
    let release: @convention(c) (Call?) -> ProviderStatus
    let parseToolCalls: @convention(c) (Instance?, Text?, Int, Bytes?) -> ProviderStatus
    let close: @convention(c) (Instance?) -> ProviderStatus
    let free: @convention(c) (Instance?) -> ProviderStatus
    let freeBytes: @convention(c) (Bytes?) -> Void

    /// Reads a plugin's table.
    /// - Parameters:
    ///   - plugin: what the plugin's entry returned; it lives as long as the process.
    ///   - path: the library, for messages.
    /// - Throws: `PluginError`, `otherVersion` or `invalidLibrary`.
    public init(_ plugin: UnsafePointer<ProviderPlugin>, path: String) throws(PluginError) {
        // Of another version only the first two members may be read.
        let version = UnsafeRawPointer(plugin).load(as: UInt32.self)
        guard version == UInt32(PROVIDER_PLUGIN_ABI_VERSION) else { throw .otherVersion("\(version)", path: path) }
        let size = UnsafeRawPointer(plugin).load(fromByteOffset: MemoryLayout<UInt32>.size, as: UInt32.self)
        guard size >= MemoryLayout<ProviderPlugin>.size else {
            throw PluginError(
                .invalidLibrary, path: path,
                "its table has \(size) bytes, and that of version \(version) has "
                    + "\(MemoryLayout<ProviderPlugin>.size)")
        }
        let table = plugin.pointee
        guard let name = table.name, let create = table.create, let info = table.info, let prepare = table.prepare,
            let listModels = table.list_models, let start = table.start, let resume = table.resume, let cancel = table.cancel,
            let release = table.release, let parseToolCalls = table.parse_tool_calls, let close = table.close, let free = table.free,
            let freeBytes = table.free_bytes
        else { throw PluginError(.invalidLibrary, path: path, "its table is not complete: \(Self.missing(table)) is NULL") }
        self.name = String(cString: name)
        self.version = table.version.map { String(cString: $0) } ?? ""
        self.create = create
        self.info = info
        self.prepare = prepare
        self.listModels = listModels
        self.start = start
        self.resume = resume
        self.cancel = cancel
        self.release = release
        self.parseToolCalls = parseToolCalls
        self.close = close
        self.free = free
        self.freeBytes = freeBytes
    }

    private static func missing(_ table: ProviderPlugin) -> String {
        let members: [(String, Bool)] = [
            ("name", table.name == nil), ("create", table.create == nil), ("info", table.info == nil), ("prepare", table.prepare == nil),
            ("list_models", table.list_models == nil), ("start", table.start == nil), ("resume", table.resume == nil),
            ("cancel", table.cancel == nil), ("release", table.release == nil), ("parse_tool_calls", table.parse_tool_calls == nil),
            ("close", table.close == nil), ("free", table.free == nil), ("free_bytes", table.free_bytes == nil),
        ]
        return members.filter(\.1).map(\.0).joined(separator: ", ")
    }
}
