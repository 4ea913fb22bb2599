import JSON
import TestSupport
import Testing

@testable import PluginLoading

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Whom a host trusts with a plugin")
struct PluginTrustTests {
    @Test(
        "what others than its owner may change is not loaded",
        arguments: [("", 0o775), ("", 0o757), ("/manifest.json", 0o664), ("/manifest.json", 0o646), ("/lib.so", 0o775), ("/lib.so", 0o646)])
    func writable(name: String, mode: Int) throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root)
            chmod(files.path + name, mode_t(mode))
            let error = try #require(files.failure())
            #expect(error.code == .untrusted)
            let mode = String(mode, radix: 8)
            #expect(
                error.description
                    == "\(files.path)\(name): may be changed by others than its owner (mode \(mode)) (chmod go-w \(files.path)\(name))")
        }
    }

    @Test("what belongs to another user is not loaded", .enabled(if: geteuid() == 0), arguments: ["", "/manifest.json", "/lib.so"])
    func owner(name: String) throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root)
            try #require(chown(files.path + name, 65534, 65534) == 0)
            let error = try #require(files.failure())
            #expect(error.code == .untrusted)
            #expect(error.message == "belongs to another user (65534), who could change what this program runs")
            chown(files.path, 0, 0)
        }
    }

    @Test("a link is not followed out of the folder, whatever it leads to", arguments: ["/manifest.json", "/lib.so"])
    func link(name: String) throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root)
            try #require(rename(files.path + name, root + "/elsewhere") == 0)
            try #require(symlink(root + "/elsewhere", files.path + name) == 0)
            let error = try #require(files.failure())
            #expect(error.code == .untrusted)
            #expect(error.description == "\(files.path)\(name): is a link (put the file itself into the folder)")
        }
    }

    @Test("neither pipes nor folders are read, and none of them halts the host", arguments: ["/manifest.json", "/lib.so"], [true, false])
    func irregular(name: String, isPipe: Bool) throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root)
            unlink(files.path + name)
            try #require((isPipe ? mkfifo(files.path + name, 0o600) : mkdir(files.path + name, 0o700)) == 0)
            #expect(files.failure()?.description == "\(files.path)\(name): is no regular file")
        }
    }

    @Test("a library that is not the one of the manifest is not loaded, and both checksums are told")
    func checksum() throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root)
            let known = PluginFiles.sha256(Array("no library".utf8))
            try writeFile(files.path + "/lib.so", "another".utf8)
            let error = try #require(files.failure())
            #expect(error.code == .untrusted)
            let found = PluginFiles.sha256(Array("another".utf8))
            #expect(error.message.hasSuffix("sha256 is \(found), the manifest says \(known)"))
        }
    }

    @Test("a folder, a manifest and a library that are not there are told by their paths", arguments: ["", "/manifest.json", "/lib.so"])
    func missing(name: String) throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root)
            for file in ["/lib.so", "/manifest.json"] where name.isEmpty || name == file { unlink(files.path + file) }
            if name.isEmpty { rmdir(files.path) }
            let error = try #require(files.failure())
            #expect(error.code == .notFound)
            #expect(error.path == files.path + name)
            #expect(error.message == "is not there")
        }
    }

    @Test("what is no library is an error in the loader's words, without a path that nobody knows")
    func noLibrary() throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root)
            let error = try #require(files.failure())
            #expect(error.code == .invalidLibrary)
            #expect(error.path == files.path + "/lib.so")
            #expect(error.message.hasPrefix("cannot be loaded: "))
            #expect(!error.message.contains("/proc/"))
        }
    }

    @Test("what lies beside the library may be loaded with it, and is held to the same", arguments: [true, false])
    func beside(isLink: Bool) throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root)
            let path = isLink ? root + "/elsewhere" : files.path + "/libother.so"
            try writeFile(path, "other".utf8)
            chmod(path, 0o644)
            if isLink { try #require(symlink(path, files.path + "/libother.so") == 0) }
            #expect(files.failure()?.code == .invalidLibrary)
            chmod(path, 0o666)
            let error = try #require(files.failure())
            #expect(error.code == .untrusted)
            #expect(error.path == files.path + "/libother.so")
        }
    }

    @Test("a folder in which everybody may rename what is not theirs is no way to a plugin, but one with a sticky bit is")
    func way() throws {
        try withTemporaryDirectory { root in
            let parent = root + "/shared"
            try #require(mkdir(parent, 0o755) == 0)
            let files = try PluginFiles(in: parent)
            try #require(symlink(parent, root + "/link") == 0)
            chmod(parent, 0o777)
            for path in [files.path, root + "/link/provider-x"] {
                let error = #expect(throws: PluginError.self) { _ = try Plugin(path: path, module: "provider-x") }
                #expect(error?.code == .untrusted)
                #expect(error?.message.hasPrefix("everybody may change what lies in ") == true)
            }
            chmod(parent, 0o1777)
            #expect(files.failure()?.code == .invalidLibrary)
        }
    }

    @Test("a link of another user does not choose which folder is loaded; one of the user does", .enabled(if: geteuid() == 0))
    func linkOfAnother() throws {
        try withTemporaryDirectory { root in
            let files = try PluginFiles(in: root)
            let link = root + "/link"
            try #require(symlink(files.path, link) == 0)
            #expect(try Plugin(path: link, module: "provider-x").manifest.id == "provider-x")
            try #require(lchown(link, 65534, 65534) == 0)
            let error = #expect(throws: PluginError.self) { _ = try Plugin(path: link, module: "provider-x") }
            #expect(error?.description.contains("\(link) is a link of another user (65534)") == true)
        }
    }
}
