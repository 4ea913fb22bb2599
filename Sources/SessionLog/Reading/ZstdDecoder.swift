internal import CZstd

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Undoes zstd's compression piece by piece, within the memory that libzstd allows a frame by default (a window of 128 MiB at most).
final class ZstdDecoder {
    /// Why the bytes cannot be decompressed.
    struct Failure: Error, Equatable {
        var reason: String
    }

    private let context: OpaquePointer
    private let input: UnsafeMutableRawBufferPointer
    /// What of `input` has been read from the file, and what of that has been decompressed.
    private var filled = 0
    private var consumed = 0
    /// Whether a frame has begun that has not ended.
    private var isInsideFrame = false
    /// Whether libzstd may hold output that had no room.
    private var mayHoldOutput = false

    init?() {
        guard let context = ZSTD_createDCtx() else { return nil }
        self.context = context
        input = .allocate(byteCount: ZSTD_DStreamInSize(), alignment: 16)
    }

    deinit {
        ZSTD_freeDCtx(context)
        input.deallocate()
    }

    /// Decompresses into `output` what there is room for; returns how many bytes that are, 0 at the end of the file.
    /// - Parameter read: gives the next compressed bytes; 0 is the end of the file.
    func decode(
        into output: UnsafeMutableRawBufferPointer, from read: (UnsafeMutableRawBufferPointer) throws(SessionLogError) -> Int
    ) throws -> Int {
        while true {
            if consumed == filled, !mayHoldOutput {
                filled = try read(input)
                consumed = 0
                if filled == 0 {
                    guard isInsideFrame else { return 0 }
                    isInsideFrame = false
                    throw Failure(reason: "it ends in the middle")
                }
            }
            var from = ZSTD_inBuffer(src: input.baseAddress, size: filled, pos: consumed)
            var to = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            let rest = ZSTD_decompressStream(context, &to, &from)
            guard ZSTD_isError(rest) == 0 else {
                throw Failure(reason: ZSTD_getErrorName(rest).map { String(cString: $0) } ?? "zstd error")
            }
            consumed = from.pos
            isInsideFrame = rest > 0
            mayHoldOutput = to.pos == to.size && rest > 0
            if to.pos > 0 { return to.pos }
        }
    }
}
