#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What the process holds now.
struct ProcessFigures {
    /// Open file descriptors.
    let descriptors: Int
    /// Threads.
    let threads: Int
    /// Memory in use, in KiB: the resident set.
    let memory: Int

    /// The figures of this process, from `/proc`.
    init() {
        descriptors = Self.entries(of: "/proc/self/fd")
        threads = Self.entries(of: "/proc/self/task")
        memory = Self.residentKilobytes()
    }

    private static func entries(of folder: String) -> Int {
        guard let directory = opendir(folder) else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            if entry.pointee.d_name.0 != UInt8(ascii: ".") { count += 1 }
        }
        return count
    }

    private static func residentKilobytes() -> Int {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("VmRSS:") { return text.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0 }
        }
        return 0
    }
}
