#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension String {
    /// The last byte of its UTF-8, by which most names are told; 0 where there is none.
    @inline(__always)
    var lastByte: UInt8 { utf8.withContiguousStorageIfAvailable { $0.last ?? 0 } ?? utf8.last ?? 0 }

    /// Whether these are its last bytes. `hasSuffix` compares characters, which costs as much as the rest of a record.
    func ends(with ending: StaticString) -> Bool {
        let length = ending.utf8CodeUnitCount
        let ends = utf8.withContiguousStorageIfAvailable { bytes in
            guard bytes.count >= length, let start = bytes.baseAddress else { return false }
            return memcmp(start + bytes.count - length, ending.utf8Start, length) == 0
        }
        return ends ?? hasSuffix("\(ending)")
    }
}
