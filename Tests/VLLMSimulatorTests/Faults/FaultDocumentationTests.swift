import Foundation
import TestSupport
import Testing
import VLLMSimulator

@Suite("docs/simulator.md")
struct FaultDocumentationTests {
    @Test("lists every fault with what it does, in the order of the help")
    func forms() throws {
        let path = URL(filePath: Recording.testsFolder).appending(path: "../docs/simulator.md")
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
        let rows = lines.drop { $0 != "| fault | what the simulator does |" }.dropFirst(2).prefix { $0.hasPrefix("| ") }
        #expect(rows.map(String.init) == SimulatedFault.forms.map { "| `\($0.usage)` | \($0.meaning) |" })
    }
}
