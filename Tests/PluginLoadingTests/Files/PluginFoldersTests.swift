import TestSupport
import Testing

@testable import PluginLoading

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Where plugins are looked for")
struct PluginFoldersTests {
    private static let environments: [([String: String], [String])] = [
        ([:], ["Plugins"]),
        (["HOME": "/home/me"], ["Plugins", "/home/me/.local/share/vllm-host/plugins"]),
        (["HOME": "/home/me", "XDG_DATA_HOME": "/data"], ["Plugins", "/data/vllm-host/plugins"]),
        (["HOME": "/home/me", "XDG_DATA_HOME": "data"], ["Plugins", "/home/me/.local/share/vllm-host/plugins"]),
        (
            ["HOME": "/home/me", "VLLM_HOST_PLUGIN_PATH": "/a:~/b::c"],
            ["Plugins", "/a", "/home/me/b", "c", "/home/me/.local/share/vllm-host/plugins"]
        ),
        (["HOME": "", "VLLM_HOST_PLUGIN_PATH": ""], ["Plugins"]),
    ]

    @Test("the working folder comes first, then the folders of the variable, then the user's own", arguments: environments)
    func order(environment: [String: String], roots: [String]) {
        #expect(PluginFolders(environment: environment).roots == roots)
        #expect(PluginFolders(environment: environment).candidates("provider-x") == roots.map { $0 + "/provider-x" })
    }

    @Test(
        "a name that leads out of a folder is none of a module",
        arguments: ["", ".", "..", "../x", "a/b", "a b", "-x", "ä", "a\u{0}b", String(repeating: "x", count: 300)])
    func names(name: String) throws {
        #expect(PluginFolders(roots: ["Plugins"]).candidates(name).isEmpty)
        #expect(try PluginFolders(roots: ["Plugins"]).plugin(name) == nil)
    }

    @Test("the first folder that has a manifest counts, also where it cannot be used")
    func first() throws {
        try withTemporaryDirectory { root in
            for name in ["a", "b", "c"] { mkdir("\(root)/\(name)", 0o755) }
            mkdir(root + "/a/provider-x", 0o755)
            let second = try PluginFiles(in: root + "/b")
            _ = try PluginFiles(in: root + "/c")
            let folders = PluginFolders(roots: ["a", "b", "c", "none"].map { "\(root)/\($0)" })
            #expect(try folders.plugin("provider-x")?.path == second.path)
            #expect(try folders.plugin("provider-y") == nil)
            #expect(folders.installed == ["provider-x"])
            chmod(second.path, 0o777)
            #expect(throws: PluginError.self) { _ = try folders.plugin("provider-x") }
        }
    }

    @Test("a plugin is found by the path of its folder or of its manifest, also below the home folder")
    func path() throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root)
            let folders = PluginFolders(environment: ["HOME": root])
            for path in [files.path, files.path + "//", files.path + "/manifest.json", "~/provider-x"] {
                #expect(try folders.plugin("provider-x", at: path).path == files.path)
            }
        }
    }

    @Test("who names the library is told to name its folder")
    func libraryAsPath() throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root)
            let error = #expect(throws: PluginError.self) {
                _ = try PluginFolders(roots: []).plugin("provider-x", at: files.path + "/lib.so")
            }
            #expect(error?.description == "\(files.path)/lib.so: is no folder (name the folder that holds manifest.json)")
        }
    }
}
