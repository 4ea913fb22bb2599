internal import CZstd

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Compresses a part of a log that was put aside, a piece at a time, so that its writer can do it beside its work.
///
/// The compressed file gets its name when it is complete and on the disk, and only then the plain one goes: a crash in between loses
/// nothing. The plain file is locked meanwhile, so that two processes do not do it both.
final class SegmentCompressor {
    private let source: Int32
    private let sourcePath: String
    private let targetPath: String
    private let target: Int32
    private let context: OpaquePointer
    private let input: UnsafeMutableRawBufferPointer
    private let output: UnsafeMutableRawBufferPointer
    private var offset = 0

    /// What one piece is.
    private static let pieceSize = 1 << 20

    /// Begins with a segment; `nil` where there is nothing to do, somebody else does it, or it cannot be done.
    init?(_ segment: LogSegment) {
        guard let plain = segment.plainPath else { return nil }
        let source = open(plain, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard source >= 0 else { return nil }
        guard flock(source, LOCK_EX | LOCK_NB) == 0, access(plain + ".zst", F_OK) != 0 else {
            // A crash came between the name of the compressed one and the end of the plain one, or another process has done it.
            if access(plain + ".zst", F_OK) == 0 { unlink(plain) }
            close(source)
            return nil
        }
        let target = open(plain + ".zst.tmp", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard target >= 0, let context = ZSTD_createCCtx() else {
            if target >= 0 { close(target) }
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
        close(target)
        close(source)
        // Gone where it got its name; a part otherwise.
        unlink(targetPath + ".tmp")
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
        // The name, too, has to be on the disk before the plain file goes.
        let folder = targetPath.lastIndex(of: "/").map { String(targetPath[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
        unlink(sourcePath)
    }
}

/// `write(2)`, by a name that no method has.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }
