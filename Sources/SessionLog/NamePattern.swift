#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A pattern of names: `*` stands for any run of characters, `?` for one, `[…]` and `[!…]` for one of a set (`fnmatch`).
struct NamePattern: Sendable, Hashable {
    private let text: String
    /// What stands in front of and behind a single `*`, where nothing else is special: such a pattern costs two comparisons. This is asked
    /// for every token of a stream.
    private let prefix: [UInt8]?
    private let suffix: [UInt8]

    init(_ text: String) {
        self.text = text
        let parts = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        let isSimple = parts.count == 2 && !text.utf8.contains { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") || $0 == 0 }
        prefix = isSimple ? Array(parts[0]) : nil
        suffix = isSimple ? Array(parts[1]) : []
    }

    func matches(_ name: String) -> Bool {
        if let prefix, let matches = name.utf8.withContiguousStorageIfAvailable({ matches($0, prefix) }) { return matches }
        // FNM_NOESCAPE: patterns have no escapes in the host whose configuration this follows.
        return fnmatch(text, name, FNM_NOESCAPE) == 0
    }

    private func matches(_ name: UnsafeBufferPointer<UInt8>, _ prefix: [UInt8]) -> Bool {
        guard name.count >= prefix.count + suffix.count, let start = name.baseAddress else { return false }
        return memcmp(start, prefix, prefix.count) == 0 && memcmp(start + name.count - suffix.count, suffix, suffix.count) == 0
    }
}
