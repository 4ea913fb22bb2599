import CProviderPlugin
import JSON
import ProviderKit

/// JSON for the host: UTF-8 with a NUL behind it that its size does not count.
struct PluginText: ~Copyable {
    private var writer = JSONWriter()

    /// No text.
    init() { end() }

    init(_ value: JSONValue) {
        writer.write(value)
        end()
    }

    /// Writes events over what was there, into the same memory.
    mutating func set(_ events: [ProviderEvent]) {
        writer.removeAll()
        writer.write(events)
        end()
    }

    private mutating func end() { writer.write(raw: "\0") }

    func withChars<Result>(_ body: (UnsafePointer<CChar>, Int) -> Result) -> Result {
        writer.withBytes { bytes in
            // There is one byte at least: the NUL.
            let start = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped).assumingMemoryBound(to: CChar.self)
            return body(start, bytes.count - 1)
        }
    }

    /// A copy that the host is to give back.
    func copy() -> ProviderBytes {
        withChars { start, size in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: size + 1)
            copy.initialize(from: start, count: size + 1)
            return ProviderBytes(bytes: copy, size: size)
        }
    }

    /// A text with a NUL at its end that stays for ever.
    static func permanent(_ text: String) -> UnsafeMutablePointer<CChar> {
        let characters = text.utf8CString
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: characters.count)
        for (index, character) in characters.enumerated() { (copy + index).initialize(to: character) }
        return copy
    }
}

/// Frees what a function has written, and empties it.
func pluginFreeBytes(_ bytes: UnsafeMutablePointer<ProviderBytes>?) {
    bytes?.pointee.bytes?.deallocate()
    bytes?.pointee = ProviderBytes(bytes: nil, size: 0)
}
