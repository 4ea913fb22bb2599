import CProviderPlugin
import Configuration
import JSON
import Locks
import PluginExport
import ProviderKit

/// A table of functions as a host uses it: each function with what it writes as values.
struct Plugin: @unchecked Sendable {
    // @unchecked: the table is never changed.
    let table: ProviderPlugin

    /// The table of `FakeProvider`.
    static let fake = Plugin(table: fakeTable.pointee)

    /// A status with the text that came with it.
    struct Reply: Sendable, Equatable {
        var status: ProviderStatus
        var text: String

        var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }
    }

    /// What `body` returns, with what it wrote, which is given back.
    func reply(_ body: (UnsafeMutablePointer<ProviderBytes>) -> ProviderStatus) -> Reply {
        // What is not overwritten would show.
        var bytes = ProviderBytes(bytes: nil, size: 77)
        let status = body(&bytes)
        defer { table.free_bytes(&bytes) }
        let text = UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.bytes == nil ? 0 : bytes.size)
        return Reply(status: status, text: bytes.bytes == nil && bytes.size != 0 ? "not written" : String(decoding: text, as: UTF8.self))
    }

    /// Makes an instance and passes its handle, which is NULL where it fails.
    func create(_ setup: JSONValue = [:], host: HostLog? = nil) -> (Reply, Instance) {
        var handle = OpaquePointer(bitPattern: 1)
        let text = setup.bytes.map { CChar(bitPattern: $0) }
        let reply = withUnsafePointer(to: host?.table ?? ProviderHost()) { hostTable in
            self.reply { error in table.create(host == nil ? nil : hostTable, text, text.count, &handle, error) }
        }
        return (reply, Instance(plugin: self, handle: handle))
    }

    /// An instance that needs no closer look at how it was made.
    func instance(_ setup: JSONValue = [:], host: HostLog? = nil) -> Instance { create(setup, host: host).1 }
}

/// An instance's functions. What blocks is done on a thread of its own.
struct Instance: @unchecked Sendable {
    // @unchecked: a handle is never looked at.
    let plugin: Plugin
    let handle: OpaquePointer?

    private var table: ProviderPlugin { plugin.table }

    var info: Plugin.Reply { plugin.reply { table.info(handle, $0) } }

    func parseToolCalls(_ response: JSONValue) -> Plugin.Reply {
        let text = response.bytes.map { CChar(bitPattern: $0) }
        return plugin.reply { table.parse_tool_calls(handle, text, text.count, $0) }
    }

    /// Asks for an answer to `prompt`.
    @discardableResult
    func start(_ prompt: String, _ log: StepLog, wants: Int = PROVIDER_WANT_EVENTS, options: JSONValue? = nil) -> Plugin.Reply {
        let request: JSONValue = ["messages": [["role": "user", "content": .string(prompt)]]]
        return start(json: request.text, log, wants: UInt32(wants), options: options?.text)
    }

    /// Hands over any texts.
    func start(json: String, _ log: StepLog, wants: UInt32 = 1, options: String? = nil) -> Plugin.Reply {
        start(bytes: Array(json.utf8), log, wants: wants, options: options.map { Array($0.utf8) })
    }

    func start(bytes: [UInt8], _ log: StepLog, wants: UInt32 = 1, options: [UInt8]? = nil) -> Plugin.Reply {
        let request = bytes.map { CChar(bitPattern: $0) }
        let options = options?.map { CChar(bitPattern: $0) }
        let context = log.context
        let reply = plugin.reply { error in
            table.start(handle, request, request.count, options, options?.count ?? 0, wants, onStep, context, log.place, error)
        }
        if reply.status != .ok { Unmanaged<StepLog>.fromOpaque(context).release() }
        return reply
    }

    func listModels(_ log: StepLog) -> ProviderStatus { call(log, table.list_models) }

    func prepare(_ log: StepLog) -> ProviderStatus { call(log, table.prepare) }

    private func call(
        _ log: StepLog,
        _ function:
            @convention(c) (
                OpaquePointer?, ProviderCallback?, UnsafeMutableRawPointer?, UnsafeMutablePointer<OpaquePointer?>?
            ) -> ProviderStatus
    ) -> ProviderStatus {
        let context = log.context
        let status = function(handle, onStep, context, log.place)
        if status != .ok { Unmanaged<StepLog>.fromOpaque(context).release() }
        return status
    }

    /// Takes some milliseconds, for callbacks that are to be late.
    func linger() {
        for _ in 0..<2000 { _ = parseToolCalls(["content": []]) }
    }

    func cancel(_ log: StepLog) -> ProviderStatus { table.cancel(log.place.pointee) }

    func resume(_ log: StepLog) -> ProviderStatus { table.resume(log.place.pointee) }

    func release(_ log: StepLog) -> ProviderStatus { table.release(log.place.pointee) }

    /// Blocks: for callbacks and threads of a test's own.
    func closeHere() -> ProviderStatus { table.close(handle) }

    /// Blocks: for callbacks and threads of a test's own.
    func freeHere() -> ProviderStatus { table.free(handle) }

    func close() async -> ProviderStatus { await onThread { closeHere() } }

    @discardableResult
    func free() async -> ProviderStatus { await onThread { freeHere() } }
}

extension ProviderStatus {
    static let ok = ProviderStatus(PROVIDER_OK)
    static let invalidArgument = ProviderStatus(PROVIDER_INVALID_ARGUMENT)
    static let invalidJSON = ProviderStatus(PROVIDER_INVALID_JSON)
    static let failed = ProviderStatus(PROVIDER_FAILED)
    static let closed = ProviderStatus(PROVIDER_CLOSED)
    static let wrongThread = ProviderStatus(PROVIDER_WRONG_THREAD)
}

/// Does what blocks on a thread of its own: those of the tests' tasks are the ones that the provider's callbacks come on.
func onThread<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { waiter in
        _ = BackgroundThread.start { waiter.resume(returning: work()) }
    }
}

private nonisolated(unsafe) let fakeTable = PluginExport.table(name: "provider-fake", version: "1.2.3", create: createFake)

private func createFake(
    _ host: UnsafePointer<ProviderHost>?, _ setup: UnsafePointer<CChar>?, _ size: Int, _ instance: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<ProviderBytes>?
) -> ProviderStatus {
    PluginExport.create(host, setup, size, instance, error) { try FakeProvider($0, $1, $2) }
}
