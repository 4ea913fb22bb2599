import Locks
import ProviderKit

/// Something that a plugin does in the background for somebody who waits for it. When the last reference goes, it ends.
final class PluginCall: @unchecked Sendable {
    // @unchecked: the handle may be used on any thread, by several at once.
    private let handle: OpaquePointer
    /// Keeps the provider open while somebody may still read.
    private let instance: PluginInstance
    private let sink: PluginSink
    /// How long a call that was cancelled is waited for: the plugin promises to end it at once, and says how far the answer had come.
    private let patience: Duration

    init(_ handle: OpaquePointer, of instance: PluginInstance, _ sink: PluginSink, patience: Duration) {
        self.handle = handle
        self.instance = instance
        self.sink = sink
        self.patience = patience
    }

    deinit { _ = instance.table.release(handle) }

    /// What has arrived, waiting for something. A task that is cancelled cancels the call, and is told how it ends.
    func next() async -> PluginMailbox.Mail {
        await withTaskCancellationHandler {
            await sink.next { _ = instance.table.resume(handle) }
        } onCancel: {
            cancel()
        }
    }

    /// How the call ends; its events are passed over.
    func ending() async -> PluginMailbox.Ending {
        while true {
            if case .end(let ending) = await next() { return ending }
        }
    }

    /// Ends the call early.
    func cancel() {
        guard sink.cancel() else { return }
        // Whoever reads must not go on, and give the call back, in the middle of this.
        CallbackExecutor.shared.runElsewhere {
            _ = instance.table.cancel(handle)
            // One that is paused has to go on to its end.
            _ = instance.table.resume(handle)
        }
        let (sink, patience) = (sink, patience)
        Task.detached {
            try? await Task.sleep(for: patience)
            sink.finish(.abandoned)
        }
    }
}
