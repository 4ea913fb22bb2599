internal import CZstd

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Compresses a part of a log that was put aside, a piece at a time, so that its writer can do it beside its work.
///
/// The compressed file gets its name when it is complete and on the disk, and only then the plain one goes: a crash in between loses
/// nothing. The file that becomes it is locked meanwhile, so that two processes do not do it both; the plain one never is, which another
/// writer of the log may still have open.
final class SegmentCompressor {
    private let source: Int32
    private let sourcePath: String
    private let targetPath: String
    private let target: Int32
    private let context: OpaquePointer
    private let input: UnsafeMutableRawBufferPointer
    private let output: UnsafeMutableRawBufferPointer
    private var offset = 0
    /// Whether the compressed file has its name.
    private var isNamed = false

    /// What one piece is.
    private static let pieceSize = 1 << 20

    /// Begins with a segment; `nil` where there is nothing to do, somebody else does it, or it cannot be done.
    init?(_ segment: LogSegment) {
        guard let plain = segment.plainPath else { return nil }
        if access(plain + ".zst", F_OK) == 0 {
            // A crash came between the name of the compressed one and the end of the plain one, or another process has done it.
            unlink(plain)
            return nil
        }
        let source = open(plain, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard source >= 0 else { return nil }
        guard let target = Self.target(plain + ".zst.tmp") else {
            close(source)
            return nil
        }
        // Another process may have done it meanwhile.
        guard access(plain + ".zst", F_OK) != 0, let context = ZSTD_createCCtx() else {
            unlink(plain + ".zst.tmp")
            close(target)
            close(source)
            return nil
        }
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        self.source = source
        self.target = target
        self.context = context
        sourcePath = plain
        targetPath = plain + ".zst"
        input = .allocate(byteCount: Self.pieceSize, alignment: 16)
        output = .allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 16)
    }

    deinit {
        ZSTD_freeCCtx(context)
        input.deallocate()
        output.deallocate()
        // A part. As long as it is locked nobody else has begun another one.
        if !isNamed { unlink(targetPath + ".tmp") }
        close(target)
        close(source)
    }

    /// The empty file to be written, locked; `nil` where somebody else has it, or it cannot be had. Where there are no locks at all the part
    /// stays plain: two that write one file would lose it.
    private static func target(_ path: String) -> Int32? {
        // Not emptied before it is locked. NFS locks for writing alone what was opened for writing.
        let target = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard target >= 0 else { return nil }
        let isOurs = flock(target, LOCK_EX | LOCK_NB) == 0
        // It may have got its name, or be gone, between opening and locking.
        guard isOurs, let status = FileStatus(descriptor: target), status.isSameFile(as: FileStatus(path: path)), ftruncate(target, 0) == 0
        else {
            close(target)
            return nil
        }
        return target
    }

    /// Compresses the next piece. Returns whether there is more to do.
    func step() -> Bool {
        let count = pread(source, input.baseAddress, input.count, off_t(offset))
        guard count >= 0 else { return errno == EINTR }
        offset += count
        guard compress(count, isLast: count == 0) else { return false }
        if count == 0 { finish() }
        return count > 0
    }

    private func compress(_ count: Int, isLast: Bool) -> Bool {
        var piece = ZSTD_inBuffer(src: UnsafeRawPointer(input.baseAddress), size: count, pos: 0)
        while true {
            var written = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            let rest = ZSTD_compressStream2(context, &written, &piece, isLast ? ZSTD_e_end : ZSTD_e_continue)
            guard ZSTD_isError(rest) == 0, write(written.pos) else { return false }
            if isLast ? rest == 0 : piece.pos == piece.size { return true }
        }
    }

    private func write(_ count: Int) -> Bool {
        var start = 0
        while start < count {
            let written = systemWrite(target, output.baseAddress?.advanced(by: start), count - start)
            if written > 0 { start += written } else if errno != EINTR { return false }
        }
        return true
    }

    private func finish() {
        guard fsync(target) == 0, rename(targetPath + ".tmp", targetPath) == 0 else { return }
        isNamed = true
        // The name, too, has to be on the disk before the plain file goes.
        PrivateFile.synchroniseFolder(of: targetPath)
        unlink(sourcePath)
    }
}

/// `write(2)`, by a name that no method has.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }
