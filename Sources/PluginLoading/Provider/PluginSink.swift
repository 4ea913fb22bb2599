import CProviderPlugin
import Locks

/// Where a plugin puts down what it has to tell of one call, on its own threads.
final class PluginSink: Sendable {
    /// The sinks of calls whose last step has not come. What a plugin has as a call's context is a handle of this table and no address: a
    /// step behind the last one finds nothing.
    static let open = HandleTable<PluginSink>()

    private let mailbox = Guarded(PluginMailbox())

    /// What has arrived, waiting for something.
    func next(resuming resume: () -> Void) async -> PluginMailbox.Mail {
        if let mail = read(nil, resume) { return mail }
        return await withUnsafeContinuation { reader in
            if let mail = read(reader, resume) { reader.resume(returning: mail) }
        }
    }

    private func read(_ reader: PluginMailbox.Reader?, _ resume: () -> Void) -> PluginMailbox.Mail? {
        let reading = mailbox.withLock { $0.read(waiting: reader) }
        if reading.isResumed { resume() }
        return reading.mail
    }

    /// Takes events from the plugin.
    fileprivate func take(_ events: [UInt8]) -> ProviderFlow {
        let (delivery, isPaused) = mailbox.withLock { $0.append(events) }
        delivery?.resume()
        return ProviderFlow(isPaused ? PROVIDER_PAUSE : PROVIDER_CONTINUE)
    }

    /// What is still to come is not wanted any more.
    /// - Returns: whether the plugin has to be told.
    func cancel() -> Bool { mailbox.withLock { $0.cancel() } }

    /// Ends the call for its reader, unless it has ended.
    func finish(_ ending: PluginMailbox.Ending) {
        let delivery = mailbox.withLock { $0.finish(ending) }
        delivery?.resume()
    }
}

/// The callback of every call: its context is a handle of `PluginSink.open`.
func takePluginStep(_ context: UnsafeMutableRawPointer?, _ step: ProviderStep, _ json: UnsafePointer<CChar>?, _ size: Int) -> ProviderFlow {
    CallbackExecutor.shared.run { takeStep(context, step, json, size) }
}

private func takeStep(
    _ context: UnsafeMutableRawPointer?, _ step: ProviderStep, _ json: UnsafePointer<CChar>?, _ size: Int
) -> ProviderFlow {
    let handle = context.map { OpaquePointer($0) }
    let isLast = step == ProviderStep(PROVIDER_STEP_RESPONSE) || step == ProviderStep(PROVIDER_STEP_ERROR)
    guard let sink = isLast ? PluginSink.open.remove(handle) : PluginSink.open[handle] else { return ProviderFlow(PROVIDER_CONTINUE) }
    guard let bytes = PluginTable.bytes(json, size) else {
        sink.finish(.breach("a step has the size \(UInt(bitPattern: size))"))
        return ProviderFlow(PROVIDER_CONTINUE)
    }
    switch Int(step) {
    case Int(PROVIDER_STEP_EVENTS): return sink.take([UInt8](bytes))
    case Int(PROVIDER_STEP_RESPONSE): sink.finish(.response([UInt8](bytes)))
    case Int(PROVIDER_STEP_ERROR): sink.finish(.error([UInt8](bytes)))
    // A step of a later version.
    default: break
    }
    return ProviderFlow(PROVIDER_CONTINUE)
}
