import CProviderPlugin
import JSON
import Locks

/// A host's table of functions that keeps what it is told.
final class HostLog: Sendable {
    struct Event: Sendable, Equatable {
        var name: String
        var data: JSONValue
    }

    private struct State {
        var events: [Event] = []
        var secrets: [String] = []
    }

    private let wanted: @Sendable (String) -> Bool
    private let react: @Sendable (HostLog, String) -> Void
    private let state = Guarded(State())

    init(wants: @escaping @Sendable (String) -> Bool = { _ in true }, react: @escaping @Sendable (HostLog, String) -> Void = { _, _ in }) {
        wanted = wants
        self.react = react
    }

    var events: [Event] { state.withLock { $0.events } }
    var secrets: [String] { state.withLock { $0.secrets } }

    /// The table. It is good for as long as this is there.
    var table: ProviderHost {
        ProviderHost(
            abi_version: PROVIDER_PLUGIN_ABI_VERSION, size: UInt32(MemoryLayout<ProviderHost>.size),
            context: Unmanaged.passUnretained(self).toOpaque(), wants: hostWants, emit: hostEmit, log: nil, keep_secret: hostKeepSecret)
    }

    fileprivate static func at(_ context: UnsafeMutableRawPointer?) -> HostLog? {
        context.map { Unmanaged<HostLog>.fromOpaque($0).takeUnretainedValue() }
    }

    fileprivate func wants(_ event: String) -> Bool { wanted(event) }

    fileprivate func emit(_ event: String, _ text: String) {
        let data = (try? JSONValue(parsing: text)) ?? .null
        state.withLock { $0.events.append(Event(name: event, data: data)) }
        react(self, event)
    }

    fileprivate func keep(_ secret: String) {
        state.withLock { $0.secrets.append(secret) }
        react(self, "secret")
    }
}

private func text(_ start: UnsafePointer<CChar>?, _ size: Int) -> String {
    String(decoding: UnsafeRawBufferPointer(start: start, count: size), as: UTF8.self)
}

private func hostWants(_ context: UnsafeMutableRawPointer?, _ event: UnsafePointer<CChar>?) -> Int32 {
    guard let log = HostLog.at(context), let event else { return 0 }
    return log.wants(String(cString: event)) ? 1 : 0
}

private func hostEmit(
    _ context: UnsafeMutableRawPointer?, _ event: UnsafePointer<CChar>?, _ data: UnsafePointer<CChar>?, _ size: Int
) {
    guard let event, let data, data[size] == 0 else { return }
    HostLog.at(context)?.emit(String(cString: event), text(data, size))
}

private func hostKeepSecret(_ context: UnsafeMutableRawPointer?, _ secret: UnsafePointer<CChar>?, _ size: Int) {
    HostLog.at(context)?.keep(text(secret, size))
}
