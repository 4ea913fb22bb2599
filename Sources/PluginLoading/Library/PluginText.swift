import CProviderPlugin
import JSON

extension PluginTable {
    /// What a function of the plugin wrote, as bytes of the host's own; the plugin's are given back.
    func take(_ bytes: inout ProviderBytes) -> [UInt8] {
        defer { freeBytes(&bytes) }
        guard let start = bytes.bytes, bytes.size > 0 else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: bytes.size))
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
