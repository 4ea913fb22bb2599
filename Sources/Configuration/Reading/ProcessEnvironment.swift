#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    @preconcurrency import Musl
#else
    @preconcurrency import Glibc
#endif

/// The environment of this process.
public enum ProcessEnvironment {
    /// All variables and their values. Call it at the start of a program: another thread that changes the environment meanwhile
    /// would pull it away.
    public static func current() -> [String: String] {
        #if canImport(Darwin)
            var pointer = _NSGetEnviron().pointee
        #else
            var pointer = environ
        #endif
        var result: [String: String] = [:]
        while let entry = pointer.pointee {
            let text = String(cString: entry)
            // Byte by byte: a character may be more than its `=`.
            if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
                result[String(text[..<equals])] = String(text[text.utf8.index(after: equals)...])
            }
            pointer += 1
        }
        return result
    }
}
