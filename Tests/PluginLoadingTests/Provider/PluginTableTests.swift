import CProviderPlugin
import Testing

@testable import PluginLoading

@Suite("Tables of plugins")
struct PluginTableTests {
    private func failure(_ change: (inout ProviderPlugin) -> Void) -> PluginError? {
        var table = FakePlugin.table
        change(&table)
        let result = withUnsafePointer(to: &table) { pointer in
            Result { () throws(PluginError) in try PluginTable(pointer, path: "lib.so") }
        }
        if case .failure(let error) = result { return error }
        return nil
    }

    @Test("a complete table of this version is taken, also a longer one of it")
    func complete() {
        #expect(failure { _ in } == nil)
        #expect(failure { $0.size += 64 } == nil)
    }

    @Test("another version is explained, and of its table nothing else is read", arguments: [0, 2, UInt32.max])
    func version(version: UInt32) {
        let error = failure { table in
            table = ProviderPlugin()
            table.abi_version = version
        }
        #expect(error?.code == .otherVersion)
        let message = "lib.so: speaks version \(version) of the plugin ABI, and this host version 1 (build the plugin anew"
        #expect(error?.description.hasPrefix(message) == true)
    }

    @Test("a table that is too short is an error")
    func short() {
        let error = failure { $0.size -= 8 }
        #expect(error?.code == .invalidLibrary)
        #expect(error?.message.contains("bytes") == true)
    }

    @Test("functions that are missing are named")
    func missing() {
        let error = failure { table in
            table.start = nil
            table.free_bytes = nil
        }
        #expect(error?.code == .invalidLibrary)
        #expect(error?.message == "its table is not complete: start, free_bytes is NULL")
        let nameless = failure { $0.name = nil }
        #expect(nameless?.message == "its table is not complete: name is NULL")
    }
}
