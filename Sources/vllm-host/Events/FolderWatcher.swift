#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Waits until something happens in a folder: told by the system on Linux, else by looking again and again.
final class FolderWatcher {
    private let descriptor: Int32

    /// Watches the folder in which a file is.
    init(folderOf path: String) {
        #if os(Linux)
            let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
            descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
            let events = UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
            if descriptor >= 0 { inotify_add_watch(descriptor, folder, events) }
        #else
            descriptor = -1
        #endif
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Waits until something happened, or so long. Returns whether standard output is read still.
    func wait(milliseconds: Int32) -> Bool {
        guard descriptor >= 0 else { return Self.pause(milliseconds: min(milliseconds, 250)) }
        let isRead = Self.pause(milliseconds: milliseconds, watching: descriptor)
        // Which file it was does not matter: the log is looked at in any case.
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
            while read(descriptor, buffer.baseAddress, buffer.count) > 0 {}
        }
        return isRead
    }

    /// Waits so long. Returns whether standard output is read still.
    static func pause(milliseconds: Int32, watching descriptor: Int32 = -1) -> Bool {
        // An output without events to wait for still tells that its reader is gone.
        var descriptors = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)]
        let count = nfds_t(descriptors.count)
        poll(&descriptors, count, milliseconds)
        return descriptors[1].revents & Int16(POLLERR) == 0
    }
}
