import Foundation
import TestSupport
import Testing

@Suite("vllm-host events view")
struct EventsViewTests {
    @Test("the page of the last session is written for its user alone, and its path printed")
    func cached() async throws {
        try await withTemporaryDirectory { home in
            _ = try await HostProcess.run(["run", "--simulator", "-q", "What is 2+2?"], home: home)
            let view = try await HostProcess.run(["events", "view", "last"], home: home)
            #expect(view.code == 0, "\(view.errors)")
            let path = view.output.trimmingCharacters(in: .newlines)
            #expect(path.hasPrefix(home + "/.cache/vllm-host/pages/"))
            #expect(view.errors.contains("no display here"))
            let page = try fileText(path)
            #expect(page.contains("What is 2+2?") && page.hasSuffix("</html>\n"))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("it goes where -o says, in place of what is there; to standard output for -")
    func output() async throws {
        try await withTemporaryDirectory { home in
            _ = try await HostProcess.run(["run", "--simulator", "-q", "What is 2+2?"], home: home)
            try "old".write(toFile: home + "/page.html", atomically: false, encoding: .utf8)
            let view = try await HostProcess.run(["events", "view", "-o", "page.html"], home: home)
            #expect(view.output == "page.html\n")
            let page = try fileText(home + "/page.html")
            #expect(page.hasPrefix("<!DOCTYPE html>"))
            let printed = try await HostProcess.run(["events", "view", "-o", "-"], home: home)
            #expect(printed.output == page)
            let left = try FileManager.default.contentsOfDirectory(atPath: home).filter { $0.hasSuffix(".part") }
            #expect(left == [])
        }
    }

    @Test("the desktop's program is given the page; when it fails, the user is told")
    func opening() async throws {
        try await withTemporaryDirectory { home in
            _ = try await HostProcess.run(["run", "--simulator", "-q", "What is 2+2?"], home: home)
            // Written by another process: a file that is open for writing, be it in a child that another test has just forked, cannot be run.
            let script = "#!/bin/sh\necho \"$1\" > opened\nexit $CODE\n"
            try script.write(toFile: home + "/script", atomically: false, encoding: .utf8)
            _ = try await HostProcess.shell("cp script xdg-open && chmod 700 xdg-open", home: home)
            for code in ["0", "4"] {
                let environment = ["DISPLAY": ":9", "PATH": home + ":/usr/bin:/bin", "CODE": code]
                let view = try await HostProcess.run(["events", "view"], environment: environment, home: home)
                #expect(view.code == 0)
                #expect(view.errors.contains("could not open") == (code == "4"), "\(view.errors)")
                // The command waits a few seconds for the program, which may take longer.
                let wait = "for _ in $(seq 300); do if [ -s opened ]; then break; fi; sleep 0.1; done; cat opened; rm opened"
                #expect(try await HostProcess.shell(wait, home: home).output == view.output, "\(view.errors)")
            }
        }
    }

    @Test("a session that there is not, and a folder that cannot be written, are said")
    func errors() async throws {
        try await withTemporaryDirectory { home in
            let none = try await HostProcess.run(["events", "view", "nothing"], home: home)
            #expect(none.code == 66)
            _ = try await HostProcess.run(["run", "--simulator", "-q", "What is 2+2?"], home: home)
            let unwritable = try await HostProcess.run(["events", "view", "-o", "no/such/folder.html"], home: home)
            #expect(unwritable.code == 66)
            #expect(unwritable.errors.contains("cannot write no/such/folder.html"), "\(unwritable.errors)")
        }
    }
}
