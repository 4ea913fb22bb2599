import Locks

/// The transport for production: libcurl's multi interface on one thread of its own.
///
/// It keeps connections open and uses them again, streams bodies with back-pressure, and closes a connection at once when the
/// task that waits is cancelled or the body is dropped. Make one for a program or one for a server, and share it: it may be used
/// from any task. It closes itself when the last reference to it and to the bodies that it returned is gone.
///
/// It follows no redirects, keeps no cookies, asks for no content encoding and never writes anything anywhere.
public final class CurlTransport: Transport {
    /// The settings it was made with.
    public let options: Options

    private let engine: CurlEngine
    /// What the latest request has in common with the next one, perhaps.
    private let common = Guarded<CurlRequest.Common?>(nil)

    /// A transport; it connects to nothing yet.
    public init(options: Options = Options()) {
        self.options = options
        engine = CurlEngine(options: options)
    }

    deinit { engine.close() }

    /// Whether it can be used: the system had a thread and file descriptors for it.
    package var hasStarted: Bool { engine.hasStarted }

    /// Sets libcurl and its TLS library up, which takes milliseconds and otherwise happens when the first transport is made. A program that
    /// has something else to do before calls it on another thread.
    public static func prepareLibrary() { CurlMulti.prepareLibrary() }

    /// The engine's thread as a task executor.
    ///
    /// A task that prefers it (`Task(executorPreference:)`, `withTaskExecutorPreference`) handles what arrives on the thread that read it
    /// from the socket, which saves two thread switches a batch. Such a task must not block or compute for long: while it does,
    /// nothing is read. After `close()` it passes everything on to Swift's shared pool.
    public var executor: any TaskExecutor { engine }

    /// Ends all exchanges (`.closed`) and closes all connections; later calls of `send` throw `.closed`. Closing twice is harmless.
    public func close() { engine.close() }

    /// Sends `request` and returns when the head of the final response is there; redirects are returned, not followed.
    ///
    /// A request that a kept-open connection swallowed without answering one byte is sent again over a new one.
    /// - Throws: `TransportError`: `.invalidURL` or `.invalidRequest` before anything is sent; `.hostNotFound`, `.connectionFailed`,
    ///   `.connectTimeout`, `.tls`, `.proxy` when no connection came about; `.connectionLost`, `.protocolViolation`, `.firstByteTimeout`,
    ///   `.timeout`, `.headersTooLarge` later; `.cancelled` and `.closed` at any time.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard !Task.isCancelled else { throw .cancelledByCaller }
        let request = try CurlRequest(request, like: common.withLock { $0 })
        common.withLock { $0 = request.common }
        let transfer = CurlTransfer(request, options: options)
        let head = await withTaskCancellationHandler {
            await withUnsafeContinuation { waiter in engine.start(transfer, waiter) }
        } onCancel: {
            engine.cancel(transfer)
        }
        let response = try head.get()
        let body = HTTPBody(CurlBody(transfer, engine: engine, owner: self))
        return HTTPResponse(status: response.status, headers: response.headers, body: body, sentAt: response.sentAt.instant)
    }
}
