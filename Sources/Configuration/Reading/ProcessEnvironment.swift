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
            if let equals = text.firstIndex(of: "=") { result[String(text[..<equals])] = String(text[equals...].dropFirst()) }
            pointer += 1
        }
        return result
    }
}
