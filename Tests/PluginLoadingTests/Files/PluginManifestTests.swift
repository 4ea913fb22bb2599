import Configuration
import JSON
import TestSupport
import Testing

@testable import PluginLoading

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Manifests of plugins")
struct PluginManifestTests {
    @Test("a manifest says what a plugin is and what it may be told")
    func whole() throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root) { manifest in
                let properties: JSONObject = ["key": ["type": "string", "writeOnly": true]]
                manifest["config_schema"] = ["type": "object", "properties": .object(properties)]
                manifest["later"] = "not known"
            }
            let manifest = try Plugin(path: files.path, module: "provider-x").manifest
            #expect(manifest.id == "provider-x")
            #expect(manifest.name == "X")
            #expect(manifest.version == "1.2")
            #expect(manifest.library == "lib.so")
            #expect(manifest.symbol == "provider_plugin")
            #expect(manifest.schema?.secretKeys == ["key"])
        }
    }

    @Test("what people need not know may be left out")
    func short() throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root) { manifest in
                for key in ["name", "version"] { manifest[key] = nil }
                manifest["entry"] = ["library": "lib.so"]
            }
            let manifest = try Plugin(path: files.path, module: "provider-x").manifest
            #expect(manifest.name == "provider-x")
            #expect(manifest.symbol == "provider_plugin")
            #expect(manifest.schema == nil)
        }
    }

    private static let wrong: [(String, JSONValue?, PluginError.Code, String)] = [
        ("id", nil, .invalidManifest, "id: is missing"),
        ("id", 5, .invalidManifest, "id: expected a text, found number"),
        ("id", "../x", .invalidManifest, "id: \"../x\" is no module's name (letters, digits, `-` and `_`)"),
        ("id", "provider-y", .invalidManifest, "this is the module provider-y, not provider-x (write `module: provider-y`)"),
        ("type", "tool", .invalidManifest, "type: this host loads plugins of the type \"provider\", and this is \"tool\""),
        ("type", nil, .invalidManifest, "type: is missing"),
        ("abi_version", nil, .invalidManifest, "abi_version: is missing"),
        ("abi_version", "1", .invalidManifest, "abi_version: expected a whole number, found string"),
        ("abi_version", 2, .otherVersion, "speaks version 2 of the plugin ABI, and this host version 1 (build the plugin anew"),
        ("entry", nil, .invalidManifest, "entry: is missing"),
        ("entry", "lib.so", .invalidManifest, "entry: expected an object, found string"),
        ("entry", [:], .invalidManifest, "entry.library: is missing"),
        ("entry", ["library": "../lib.so"], .invalidManifest, "entry.library: the library lies in the manifest's own folder"),
        ("entry", ["library": "/lib/libc.so.6"], .invalidManifest, "entry.library: the library lies in the manifest's own folder"),
        ("entry", ["library": ".."], .invalidManifest, "entry.library: the library lies in the manifest's own folder"),
        ("entry", ["library": "lib.so", "symbol": 5], .invalidManifest, "entry.symbol: expected a text, found number"),
        ("sha256", nil, .invalidManifest, "sha256: is missing"),
        ("sha256", "abc", .invalidManifest, "sha256: expected 64 hexadecimal digits"),
        ("config_schema", "any", .invalidManifest, "config_schema: expected a JSON Schema, found string"),
        ("config_schema", ["type": "array"], .invalidManifest, "config_schema: a configuration is a mapping"),
    ]

    @Test("what is wrong with a manifest is told with the file and the key", arguments: wrong)
    func isWrong(key: String, value: JSONValue?, code: PluginError.Code, message: String) throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root) { $0[key] = value }
            let error = try #require(files.failure())
            #expect(error.code == code)
            let start = "\(files.path)/manifest.json: \(message)"
            #expect(error.description.hasPrefix(start))
        }
    }

    @Test(
        "a file that is no manifest at all is an error",
        arguments: [
            ("", "is not JSON"), ("{", "is not JSON"), ("[]", "expected an object, found array"),
            (String(repeating: " ", count: 1_100_000), "is larger than 1048576 bytes"),
        ])
    func malformed(text: String, message: String) throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root)
            try files.write(text)
            let error = try #require(files.failure())
            #expect(error.path == files.path + "/manifest.json")
            #expect(error.message.hasPrefix(message))
        }
    }

    @Test("a manifest of a terabyte is not read to its end", .timeLimit(.minutes(1)))
    func huge() throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root)
            try #require(truncate(files.path + "/manifest.json", 1 << 40) == 0)
            #expect(files.failure()?.message == "is larger than 1048576 bytes")
        }
    }
}
