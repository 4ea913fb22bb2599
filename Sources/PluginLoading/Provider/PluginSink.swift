import CProviderPlugin
import Locks

/// Where a plugin puts down what it has to tell of one call, on its own threads. The plugin holds it until the last step.
final class PluginSink: Sendable {
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

    /// Takes a step from the plugin.
    func take(_ step: ProviderStep, _ json: [UInt8]) -> ProviderFlow {
        switch Int(step) {
        case Int(PROVIDER_STEP_EVENTS):
            let (delivery, isPaused) = mailbox.withLock { $0.append(json) }
            delivery?.resume()
            return ProviderFlow(isPaused ? PROVIDER_PAUSE : PROVIDER_CONTINUE)
        case Int(PROVIDER_STEP_RESPONSE): finish(.response(json))
        case Int(PROVIDER_STEP_ERROR): finish(.error(json))
        // A step of a later version.
        default: break
        }
        return ProviderFlow(PROVIDER_CONTINUE)
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

/// The callback of every call: its context is a `PluginSink` that is held once for the plugin.
func takePluginStep(_ context: UnsafeMutableRawPointer?, _ step: ProviderStep, _ json: UnsafePointer<CChar>?, _ size: Int) -> ProviderFlow {
    guard let context else { return ProviderFlow(PROVIDER_CONTINUE) }
    let bytes = json.map { [UInt8](UnsafeRawBufferPointer(start: $0, count: size)) } ?? []
    let sink = Unmanaged<PluginSink>.fromOpaque(context)
    let flow = sink.takeUnretainedValue().take(step, bytes)
    // The last step: the plugin does not touch the context again.
    if step == ProviderStep(PROVIDER_STEP_RESPONSE) || step == ProviderStep(PROVIDER_STEP_ERROR) { sink.release() }
    return flow
}
