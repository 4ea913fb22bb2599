#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The memory of this process that lies in RAM, in KiB; 0 where the system does not tell: Linux does, in `/proc`.
public enum ResidentMemory {
    /// What it is now.
    public static var now: Int { field("VmRSS:") }

    /// The most that it has been since `forgetPeak`, or since the process began.
    public static var peak: Int { field("VmHWM:") }

    /// Lets the peak begin with what is there now (man page proc(5), `/proc/[pid]/clear_refs`).
    public static func forgetPeak() {
        guard let file = fopen("/proc/self/clear_refs", "w") else { return }
        fputs("5", file)
        fclose(file)
    }

    private static func field(_ name: String) -> Int {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let text = String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return 0 }
        return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }
}
