import ArgumentParsing
import Foundation
import Testing

@Suite("The completion script for bash, run by bash")
struct BashCompletionTests {
    @Test("bash accepts the script", arguments: [SampleTree.tree, EdgeTree.tree])
    func syntax(_ tree: CommandTree) throws {
        _ = try bash(["-n", "-c", tree.completionScript(for: .bash)])
    }

    @Test(
        "What may follow is offered",
        arguments: [
            ([""], ["run", "config", "models", "completions", "help"]),
            (["c"], ["config", "completions"]),
            (["help", "mo"], ["models"]),
            (["--v"], ["--verbose", "--version"]),
            (["config", ""], ["check", "show"]),
            (["config", "show", "--o"], ["--origin"]),
            (["models", "--m"], []),
            (["models", ""], []),
            (["run", "--s"], ["--set", "--session-root"]),
            (["run", "What", "is", "--js"], ["--json"]),
            (["run", "-m", "--js"], []),
            (["run", "--", "--js"], []),
            (["run", "--endpoint", ""], ["completions", "chat"]),
            (["run", "--endpoint", "ch"], ["chat"]),
            (["run", "--endpoint", "="], ["completions", "chat"]),
            (["run", "--endpoint", "=", "ch"], ["chat"]),
            (["run", "--endpoint=ch"], ["--endpoint=chat"]),
            (["run", "--endpoint", "chat", "--q"], ["--quiet"]),
            (["run", "--endpoint", "=", "chat", "--q"], ["--quiet"]),
            (["run", "--json", "=", "c"], []),
            (["--config", "run", "co"], ["config", "completions"]),
            (["--config", "=", "run", "co"], ["config", "completions"]),
            (["--config", "x.yaml", "config", "c"], ["check"]),
            (["completions", ""], ["bash", "zsh", "fish"]),
            (["completions", "bash", ""], []),
        ] as [([String], [String])])
    func offers(_ words: [String], _ expected: [String]) throws {
        #expect(try complete(words, SampleTree.tree) == expected)
    }

    @Test("Words with special letters are offered quoted")
    func quoting() throws {
        #expect(try complete(["--kind", ""], EdgeTree.tree) == ["plain", #"two\ words"#, #"\$HOME"#, #"it\'s"#])
        #expect(try complete(["--kind", "two"], EdgeTree.tree) == [#"two\ words"#])
        #expect(try complete(["go", "a"], EdgeTree.tree) == ["a:b"])
    }

    @Test(
        "Files and folders are offered where a path is due",
        arguments: [
            (["--config", ""], ["a file.yaml", "folder"]),
            (["config", "check", "a"], ["a file.yaml"]),
            (["config", "check", "x", "fo"], ["folder"]),
            (["run", "--session-root", ""], ["folder"]),
            (["run", "--session-root=f"], ["--session-root=folder"]),
            (["run", "a"], []),
        ] as [([String], [String])])
    func paths(_ words: [String], _ expected: [String]) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("completion-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder.appendingPathComponent("folder"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data().write(to: folder.appendingPathComponent("a file.yaml"))
        #expect(try complete(words, SampleTree.tree, in: folder).sorted() == expected)
    }

    /// What bash offers for the last of `words`, which follow the program's name.
    private func complete(_ words: [String], _ tree: CommandTree, in folder: URL? = nil) throws -> [String] {
        let driver = """

            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            "$(complete -p "$1" | sed 's/.*-F \\([^ ]*\\) .*/\\1/')"
            for reply in "${COMPREPLY[@]}"; do printf '%s\\n' "$reply"; done
            """
        let script = tree.completionScript(for: .bash) + driver
        let output = try bash(["-c", script, "bash", tree.root.name] + words, in: folder)
        return output.split(separator: "\n").map(String.init)
    }

    /// The standard output of bash, which must succeed and say nothing on standard error.
    private func bash(_ arguments: [String], in folder: URL? = nil) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["bash"] + arguments
        process.currentDirectoryURL = folder
        let (output, errors) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(String(decoding: complaint, as: UTF8.self) == "")
        #expect(process.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self)
    }
}
