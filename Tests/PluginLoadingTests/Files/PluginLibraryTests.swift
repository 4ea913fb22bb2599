import JSON
import ProviderKit
import TestSupport
import Testing

@testable import PluginLoading

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Libraries of plugins", .timeLimit(.minutes(2)), .enabled(if: access("/usr/bin/cc", X_OK) == 0, "there is no C compiler"))
struct PluginLibraryTests {
    /// The root of the sources.
    private static let root = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" }

    /// Builds a library of C files and gives its bytes.
    private func compile(_ sources: String, in folder: String) async throws -> [UInt8] {
        let built = try await HostProcess.shell(
            "cc -std=c99 -fPIC -shared -fvisibility=hidden -pthread -I '\(Self.root)/Sources/CProviderPlugin' \(sources) -o built.so",
            home: folder)
        try #require(built.code == 0, "\(built.errors)")
        return try fileBytes(folder + "/built.so")
    }

    private func failure(_ source: String, symbol: String = "provider_plugin") async throws -> PluginError? {
        try await withTemporaryDirectory { root in
            let text = "#include \"provider_plugin.h\"\n__attribute__((visibility(\"default\"))) \(source)"
            try writeFile(root + "/plugin.c", text.utf8)
            let library = try await compile("plugin.c", in: root)
            let files = try PluginFiles(in: root, library: library) { manifest in
                manifest["entry"] = ["library": "lib.so", "symbol": .string(symbol)]
            }
            let error = files.failure()
            // It stays loaded, and stays refused.
            #expect(files.failure() == error)
            return error
        }
    }

    @Test("what a library exports that is no plugin of this version is an error that says what is missing")
    func refused() async throws {
        let none = try await failure("int other(void) { return 0; }")
        #expect(none?.code == .invalidLibrary)
        #expect(none?.message == "does not export the function provider_plugin")
        let null = try await failure("const ProviderPlugin *provider_plugin(uint32_t version) { (void)version; return NULL; }")
        #expect(null?.message == "provider_plugin returned NULL, and a plugin returns a table")
        let later = try await failure(
            "const ProviderPlugin *mine(uint32_t version) { static const ProviderPlugin table = {7, 8}; (void)version; return &table; }",
            symbol: "mine")
        #expect(later?.code == .otherVersion)
        #expect(later?.message.hasPrefix("speaks version 7 of the plugin ABI") == true)
        let empty = try await failure(
            "const ProviderPlugin *provider_plugin(uint32_t v) { static const ProviderPlugin table = {1, sizeof table}; (void)v; return &table; }"
        )
        #expect(empty?.message.hasPrefix("its table is not complete: name, create, info") == true)
    }

    @Test("a plugin in plain C answers, is loaded once, and closes; a changed library is not taken for the one that was checked")
    func echo() async throws {
        try await withTemporaryDirectory { root in
            let library = try await compile("'\(Self.root)/Plugins/echo-c'/*.c", in: root)
            let files = try PluginFiles(in: root, "echo-c", library: library)
            let plugin = try PluginFolders(roots: [root]).plugin("echo-c")
            let table = try #require(try plugin?.load())
            #expect(table.name == "echo-c")
            let again = try PluginFolders(roots: []).plugin("echo-c", at: files.path).load()
            // The functions of one image.
            #expect(unsafeBitCast(again.start, to: Int.self) == unsafeBitCast(table.start, to: Int.self))
            for instanceID in [nil, "e"] {
                let events = EventCollector()
                let context = ProviderContext(events: events, instanceID: instanceID)
                let provider = try #require(try plugin?.makeProvider(configuration: nil, path: "providers[0].config", context: context))
                let response = try await provider.complete(ChatRequest(messages: [.user("Hello, \"world\" — ünï.")]))
                #expect(response.text == "Hello, \"world\" — ünï.")
                #expect(events.all.first?.name == "llm:request")
                #expect(events.all.first?.data["instance_id"]?.string == instanceID)
            }
            let provider = try #require(try plugin?.makeProvider(configuration: nil, path: "config", context: ProviderContext()))
            #expect(try await provider.listModels().map(\.id) == ["echo"])
            await provider.close()
            let closed = await thrown { () throws(ProviderError) in
                _ = try await provider.complete(ChatRequest(messages: [.user("Hi")]))
            }
            #expect(closed?.code == .cancelled)
            // Another file in its place: the one that is loaded must not be written to.
            unlink(files.path + "/lib.so")
            try writeFile(files.path + "/lib.so", library + [0])
            chmod(files.path + "/lib.so", 0o644)
            #expect(files.failure("echo-c")?.code == .untrusted)
        }
    }

    @Test("the manifest of another module is not taken for that of a library")
    func otherModule() async throws {
        try await withTemporaryDirectory { root in
            let library = try await compile("'\(Self.root)/Plugins/echo-c'/*.c", in: root)
            let error = try PluginFiles(in: root, library: library).failure()
            #expect(error?.code == .invalidLibrary)
            #expect(error?.message == "this is the module echo-c, and its manifest says provider-x")
        }
    }

    @Test("a library that is put in the place of the one that was checked is not loaded, even if it is the same")
    func swapped() async throws {
        try await withTemporaryDirectory { root in
            let library = try await compile("'\(Self.root)/Plugins/echo-c'/*.c", in: root)
            let files = try PluginFiles(in: root, "echo-c", library: library)
            try writeFile(root + "/other.so", library)
            chmod(root + "/other.so", 0o644)
            let manifest = try Plugin(path: files.path, module: "echo-c").manifest
            let folder = try PluginFolder(files.path)
            let error = #expect(throws: PluginError.self) {
                _ = try PluginLibrary.load(manifest, in: folder) { rename(root + "/other.so", files.path + "/lib.so") }
            }
            #expect(error?.code == .untrusted)
            #expect(error?.message == "was changed while it was loaded")
        }
    }

    @Test("a library that was changed where it lies and has a new manifest is not taken for the one that is loaded")
    func changedInPlace() async throws {
        try await withTemporaryDirectory { root in
            let library = try await compile("'\(Self.root)/Plugins/echo-c'/*.c", in: root)
            let files = try PluginFiles(in: root, "echo-c", library: library)
            #expect(files.failure("echo-c") == nil)
            let descriptor = open(files.path + "/lib.so", O_WRONLY | O_APPEND)
            #expect(write(descriptor, "\0", 1) == 1)
            close(descriptor)
            var manifest = try #require(try JSONValue(parsing: fileBytes(files.path + "/manifest.json")).object)
            manifest["sha256"] = .string(PluginFiles.sha256(library + [0]))
            try files.write(JSONValue.object(manifest).text)
            let error = files.failure("echo-c")
            #expect(error?.message == "was loaded before it was changed, and cannot be loaded again")
            #expect(error?.hint == "start the host again")
        }
    }
}
