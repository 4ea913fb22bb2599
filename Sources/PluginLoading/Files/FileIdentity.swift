#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Which file it is, and in which state.
struct FileIdentity: Hashable {
    /// Which file it is, as long as it is there.
    struct Place: Hashable {
        let device: UInt64
        let number: UInt64
    }

    let place: Place
    private let size: Int64
    /// When it was last changed in any way; nobody can set that.
    private let seconds: Int
    private let nanoseconds: Int

    init(_ status: stat) {
        place = Place(device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(status.st_ino))
        size = Int64(status.st_size)
        #if canImport(Darwin)
            let time = status.st_ctimespec
        #else
            let time = status.st_ctim
        #endif
        (seconds, nanoseconds) = (time.tv_sec, time.tv_nsec)
    }
}
