import SessionLog
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Where sessions lie", .temporaryFolder)
struct SessionPathsTests {
    private let folder = TemporaryFolder()

    @Test(
        "a working folder's slug is Amplifier's",
        arguments: [
            ("/home/u/app", "-home-u-app"), ("/", "-"), ("C:\\Users\\u", "-C-Users-u"), ("relative/x", "-relative-x"),
            ("/a b/ü:c", "-a b-üc"), ("-x", "-x"), ("", "-"),
        ])
    func slug(folder: String, expected: String) {
        #expect(SessionPaths.slug(of: folder) == expected)
    }

    @Test(
        "the root is Amplifier's, and AMPLIFIER_HOME moves it",
        arguments: [
            (["HOME": "/home/u"], "/home/u/.amplifier/projects"),
            (["HOME": "/home/u", "AMPLIFIER_HOME": ""], "/home/u/.amplifier/projects"),
            (["HOME": "/home/u", "AMPLIFIER_HOME": "/srv/amp"], "/srv/amp/projects"),
            (["HOME": "/home/u", "AMPLIFIER_HOME": "~/amp"], "/home/u/amp/projects"),
            (["HOME": "/home/u", "AMPLIFIER_HOME": "~"], "/home/u/projects"),
            (["AMPLIFIER_HOME": "/srv/amp"], "/srv/amp/projects"),
        ])
    func root(environment: [String: String], expected: String) throws {
        #expect(try SessionPaths(environment: environment).root == expected)
    }

    @Test("a relative AMPLIFIER_HOME or HOME counts from the working folder", arguments: ["amp", "./amp", "../x y"])
    func relative(path: String) throws {
        let working = String(cString: try #require(getcwd(nil, 0)))
        #expect(try SessionPaths(environment: ["AMPLIFIER_HOME": path]).root == "\(working)/\(path)/projects")
        #expect(try SessionPaths(environment: ["HOME": path]).root == "\(working)/\(path)/.amplifier/projects")
        #expect(try SessionPaths(environment: ["HOME": path, "AMPLIFIER_HOME": "~/a"]).root == "\(working)/\(path)/a/projects")
    }

    @Test("an empty root is refused: it would be the root of the file system")
    func emptyRoot() {
        let error = #expect(throws: SessionLogError.self) { try SessionPaths(root: "").eventLog(session: "abc") }
        #expect(error?.description == "cannot find a place for the event log: the folder of all sessions is an empty text")
    }

    @Test("without HOME the account's folder counts")
    func account() throws {
        let home = try #require(getpwuid(getuid())).pointee.pw_dir!
        #expect(try SessionPaths(environment: [:]).root == String(cString: home) + "/.amplifier/projects")
    }

    @Test("the log lies below root, project and session; links in the working folder are resolved")
    func eventLog() throws {
        mkdir(folder.file("real"), 0o700)
        symlink(folder.file("real"), folder.file("link"))
        let expected = "/r/\(SessionPaths.slug(of: folder.file("real")))/sessions/abc/events.jsonl"
        let paths = SessionPaths(root: "/r")
        #expect(try paths.eventLog(session: "abc", workingFolder: folder.file("link")) == expected)
        let missing = try paths.eventLog(session: "abc", workingFolder: "/no/such/folder")
        #expect(missing == "/r/-no-such-folder/sessions/abc/events.jsonl")
    }

    @Test(
        "a session name that would leave its folder is refused",
        arguments: ["", ".", "..", "../x", "a/b", "a\0b", String(repeating: "x", count: 256)])
    func badSession(name: String) {
        #expect(throws: SessionLogError.self) { try SessionPaths(root: "/r").eventLog(session: name) }
    }
}
