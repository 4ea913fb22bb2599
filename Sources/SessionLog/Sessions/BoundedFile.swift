package import JSON

/// Small files beside a log.
package enum BoundedFile {
    /// The JSON object in a file of at most 1 MiB; `nil` where the file is larger, missing or something else.
    package static func object(at path: String) -> JSONObject? {
        guard let file = try? SegmentFile(path: path), let size = file.status?.size, size <= 1 << 20 else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        var count = 0
        while count < size {
            let read = bytes.withUnsafeMutableBytes { buffer in
                (try? file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))) ?? 0
            }
            guard read > 0 else { break }
            count += read
        }
        return (try? JSONValue(parsing: bytes[..<count]))?.object
    }
}
