import CProviderPlugin
import JSON
import Locks
import ProviderKit

/// The functions that a host has given an instance, until the instance is closed.
final class HostTable: EventSink, @unchecked Sendable {
    // @unchecked: the host's pointer is never read, and its functions may be called on any thread.
    private struct Use {
        var isClosed = false
        /// How many calls of the host's functions have not returned.
        var underWay = 0
    }

    private let table: ProviderHost
    private let use = Monitor(Use())

    init(_ table: ProviderHost) { self.table = table }

    func wants(_ event: String) -> Bool {
        guard table.emit != nil else { return false }
        guard let wants = table.wants else { return true }
        return calling { event.withCString { wants(table.context, $0) != 0 } } ?? false
    }

    func emit(_ event: String, _ data: JSONObject) {
        guard let emit = table.emit else { return }
        PluginText(.object(data)).withChars { text, size in
            _ = calling { event.withCString { emit(table.context, $0, text, size) } }
        }
    }

    func keepSecret(_ secret: String) {
        guard let keep = table.keep_secret else { return }
        _ = calling { secret.withCString { keep(table.context, $0, secret.utf8.count) } }
    }

    /// Waits until no function of the host is under way; from then on none is called.
    func close() {
        use.withLock { $0.isClosed = true }
        use.wait { $0.underWay == 0 }
    }

    private func calling<Result>(_ body: () -> Result) -> Result? {
        let isOpen = use.withLock { use in
            if !use.isClosed { use.underWay += 1 }
            return !use.isClosed
        }
        guard isOpen else { return nil }
        defer { use.withLock { $0.underWay -= 1 } }
        return CallbackThread.run(body)
    }
}

extension ProviderHost {
    /// A copy of what the host gives, which may be nothing.
    init(checking host: UnsafePointer<ProviderHost>?) throws(PluginFailure) {
        self.init()
        guard let host else { return }
        guard host.pointee.abi_version == PROVIDER_PLUGIN_ABI_VERSION else {
            throw .invalidArgument(
                "`host` speaks version \(host.pointee.abi_version) of the plugin ABI, this plugin version \(PROVIDER_PLUGIN_ABI_VERSION)")
        }
        let size = MemoryLayout<ProviderHost>.size
        guard host.pointee.size >= size else {
            throw .invalidArgument("`host->size` is \(host.pointee.size): a table of this version has \(size) bytes at least")
        }
        self = host.pointee
    }
}
