import Locks

/// The reader's end of an exchange's body.
final class CurlBody: HTTPBodySource {
    private let transfer: CurlTransfer
    private let engine: CurlEngine
    /// Keeps the transport open while somebody may still read.
    private let owner: CurlTransport

    init(_ transfer: CurlTransfer, engine: CurlEngine, owner: CurlTransport) {
        self.transfer = transfer
        self.engine = engine
        self.owner = owner
    }

    deinit {
        if !transfer.buffer.withLock({ $0.hasEnded }) { engine.cancel(transfer) }
    }

    nonisolated(nonsending) func next(by limit: ReadLimit?) async throws(TransportError) -> [UInt8]? {
        guard !Task.isCancelled else {
            cancel()
            throw .cancelledByCaller
        }
        if let batch = read() { return try batch.get() }
        return try await withTaskCancellationHandler {
            await withUnsafeContinuation { reader in
                if let batch = read(waiting: reader, by: limit) { reader.resume(returning: batch) }
            }
        } onCancel: {
            cancel()
        }.get()
    }

    func cancel() { engine.cancel(transfer) }

    private func read(waiting reader: ResponseBuffer.Reader? = nil, by limit: ReadLimit? = nil) -> ResponseBuffer.Batch? {
        let reading = transfer.buffer.withLock { $0.read(waiting: reader, by: limit) }
        if reading.isResumed { engine.resume(transfer) }
        if reading.isUnwatched { engine.watch(transfer) }
        return reading.batch
    }
}
