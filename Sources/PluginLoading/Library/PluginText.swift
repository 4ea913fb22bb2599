import CProviderPlugin
import JSON

extension PluginTable {
    /// What a function of the plugin wrote, as bytes of the host's own; the plugin's are given back.
    func take(_ bytes: inout ProviderBytes) -> [UInt8] {
        defer { freeBytes(&bytes) }
        return Self.bytes(bytes.bytes, bytes.size).map { [UInt8]($0) } ?? []
    }

    /// What a plugin hands over: nothing where it has no address, and `nil` where it cannot have that size, which a plugin sees without a
    /// sign.
    static func bytes(_ start: UnsafePointer<CChar>?, _ size: Int) -> UnsafeRawBufferPointer? {
        guard let start else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return size < 0 ? nil : UnsafeRawBufferPointer(start: start, count: size)
    }

    /// Calls a function with a text as the ABI takes it.
    static func withText<Result>(_ json: JSONValue, _ body: (Text, Int) -> Result) -> Result {
        var bytes = Array(json.text.utf8)
        let size = bytes.count
        // Never an empty array, whose address may be none.
        bytes.append(0)
        return bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { text in
                // `text` has at least the NUL.
                text.baseAddress.map { body($0, size) }
            }
        } ?? body("", 0)
    }
}

/// How a function of a plugin went.
enum PluginStatus {
    static let ok = ProviderStatus(PROVIDER_OK)
    static let closed = ProviderStatus(PROVIDER_CLOSED)
}
