#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Keeps the keys that the process knows from files that nobody asked for.
enum ProcessSecrecy {
    /// The environment variable that lets core files be written, as the limits of the shell have it.
    static let coreVariable = "VLLM_HOST_CORE_DUMPS"

    /// To be called before there is another thread.
    static func begin() {
        // libcurl (OpenSSL) would write the keys of every connection to the file of this name, readable for whoever the umask lets.
        unsetenv("SSLKEYLOGFILE")
        if getenv(coreVariable) == nil { forbidCoreFiles() }
    }

    /// A core file holds all that the process knows. Only the soft limit is lowered, and the process stays dumpable: debuggers and crash
    /// reporters, which look at the process itself, work as ever.
    private static func forbidCoreFiles() {
        var limit = rlimit()
        #if canImport(Darwin)
            let resource = RLIMIT_CORE
        #else
            let resource = __rlimit_resource_t(RLIMIT_CORE.rawValue)
        #endif
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = 0
        setrlimit(resource, &limit)
    }
}
