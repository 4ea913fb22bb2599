#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One open file of a log, read from its beginning to its end: as it stands, or decompressed on the way (`….zst`).
final class SegmentFile {
    /// The file.
    let path: String
    /// How many bytes of the file have been read.
    private(set) var bytesRead = 0
    private let descriptor: Int32
    private let decoder: ZstdDecoder?

    /// Opens a file.
    /// - Parameter mayWait: whether it may be a pipe or a device, for which opening and reading wait; else only a regular file is opened.
    init(path: String, mayWait: Bool = false) throws(SessionLogError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | (mayWait ? 0 : O_NONBLOCK))
        guard descriptor >= 0 else { throw SessionLogError(.read, path, errno: errno) }
        if !mayWait, let status = FileStatus(descriptor: descriptor), !status.isRegular {
            close(descriptor)
            throw SessionLogError(.read, path, reason: "it is no regular file")
        }
        decoder = path.hasSuffix(".zst") ? ZstdDecoder() : nil
    }

    deinit { close(descriptor) }

    /// Where in the file reading goes on: what is compressed is not counted.
    var position: Int { Int(lseek(descriptor, 0, SEEK_CUR)) }

    /// Goes on at another place of a file that is not compressed.
    func seek(to position: Int) { lseek(descriptor, off_t(position), SEEK_SET) }

    /// The bytes at a place of a file that is not compressed; fewer where it ends before.
    func bytes(_ range: Range<Int>) throws(SessionLogError) -> [UInt8] {
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            while count < range.count {
                let result = pread(descriptor, buffer.baseAddress.map { $0 + count }, range.count - count, off_t(range.lowerBound + count))
                if result > 0 {
                    count += result
                } else if result == 0 || errno != EINTR {
                    failure = result == 0 ? nil : errno
                    return
                }
            }
        }
        if let failure { throw SessionLogError(.read, path, errno: failure) }
        return bytes
    }

    /// What the system says of the file.
    var status: FileStatus? { FileStatus(descriptor: descriptor) }

    /// Reads on into `buffer`; returns how many bytes there were, 0 at the end.
    /// - Throws: `SegmentFile.Failure`: the system's refusal, or that what is compressed is damaged.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        guard let decoder else {
            do { return try readFile(into: buffer) } catch { throw .unreadable(error) }
        }
        do {
            return try decoder.decode(into: buffer) { buffer throws(SessionLogError) in try readFile(into: buffer) }
        } catch let error as ZstdDecoder.Failure {
            throw .damaged("\(path) is damaged: \(error.reason); what stood behind that place is lost")
        } catch let error as SessionLogError {
            throw .unreadable(error)
        } catch {
            throw .damaged("\(path) is damaged")
        }
    }

    /// Why reading ended before its time.
    enum Failure: Error {
        case unreadable(SessionLogError)
        case damaged(String)
    }

    private func readFile(into buffer: UnsafeMutableRawBufferPointer) throws(SessionLogError) -> Int {
        var count = 0
        repeat { count = systemRead(descriptor, buffer) } while count < 0 && errno == EINTR
        guard count >= 0 else { throw SessionLogError(.read, path, errno: errno) }
        bytesRead += count
        return count
    }
}

/// `read(2)`, by a name that no method has.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    read(descriptor, buffer.baseAddress, buffer.count)
}
