import ProviderKit

#if canImport(Musl)
    import Musl
#elseif canImport(Glibc)
    import Glibc
#endif

/// What the runtime needs of the system.
enum ProcFileSystem {
    /// Looks whether threads can be seen in /proc. libdispatch (of Swift 6) counts its busy threads there, and ends the process where it
    /// cannot; a host is better told before the first task starts one.
    static func check() throws(ProviderError) {
        #if os(Linux)
            guard access("/proc/self/task", X_OK) != 0 else { return }
            throw ProviderError(
                .other, "/proc/self/task cannot be read, and the plugin's runtime needs it",
                hint: "mount /proc (`mount -t proc proc /proc`), as containers and chroots usually have it")
        #endif
    }
}
