#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A part of a log that was put aside: `events.000001.jsonl` beside `events.jsonl`, or `events.000001.jsonl.zst`.
package struct LogSegment: Sendable, Hashable {
    /// Its number, ascending in time.
    package var number: Int
    /// The file as it was before it was compressed, where it is there.
    package var plainPath: String?
    /// The compressed file, where it is there.
    package var compressedPath: String?

    /// The file to read: the plain one, which is complete whenever it is there.
    package var path: String { plainPath ?? compressedPath ?? "" }

    /// The segments of the log at `path`, in the order in which they were written. A log without any, or whose folder cannot be read, has none.
    package static func all(of path: String) -> [LogSegment] {
        let (folder, name) = split(path)
        guard name.hasSuffix(".jsonl") else { return [] }
        let stem = String(name.dropLast(".jsonl".count))
        var segments: [Int: LogSegment] = [:]
        for entry in entries(of: folder) {
            guard let (number, isCompressed) = number(of: entry, stem: stem) else { continue }
            let file = folder == "." && !path.hasPrefix("./") ? entry : "\(folder == "/" ? "" : folder)/\(entry)"
            var segment = segments[number] ?? LogSegment(number: number)
            if isCompressed { segment.compressedPath = file } else { segment.plainPath = file }
            segments[number] = segment
        }
        return segments.values.sorted { $0.number < $1.number }
    }

    /// Whether a session's segments have names like this one.
    static func isSegment(_ name: String) -> Bool { number(of: name, stem: "events") != nil }

    /// The number in the name of a file, where that is a segment's.
    private static func number(of entry: String, stem: String) -> (number: Int, isCompressed: Bool)? {
        guard entry.hasPrefix(stem + ".") else { return nil }
        var rest = entry.dropFirst(stem.count + 1)
        let isCompressed = rest.hasSuffix(".jsonl.zst")
        guard isCompressed || rest.hasSuffix(".jsonl") else { return nil }
        rest = rest.dropLast(isCompressed ? ".jsonl.zst".count : ".jsonl".count)
        guard rest.utf8.count >= 6, rest.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(rest) else { return nil }
        return (number, isCompressed)
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        let name = String(path[path.utf8.index(after: slash)...])
        return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
    }

    /// The names in a folder, in no order; none where it cannot be read.
    static func entries(of folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        return entries(of: handle)
    }

    /// The names in an open folder.
    static func entries(of handle: OpaquePointer) -> [String] {
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
