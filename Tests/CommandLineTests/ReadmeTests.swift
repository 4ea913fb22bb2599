import Configuration
import Foundation
import JSON
import Testing
import VLLMProvider

@Suite("README.md")
struct ReadmeTests {
    private let text: String

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        text = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    }

    @Test("the defaults in the table are the provider's own", arguments: VLLMProvider.schema.fields.filter { $0.default != nil })
    func defaults(field: ConfigurationField) {
        guard let row = text.split(separator: "\n").first(where: { $0.hasPrefix("| `") && $0.contains("`\(field.key)`") }) else { return }
        #expect(row.contains("| `\(field.default.map { $0.string ?? $0.text } ?? "")` |"))
    }

    @Test("the table has no key that the provider does not know")
    func noUnknownKeys() {
        let known = Set(VLLMProvider.schema.fields.map(\.key))
        for row in text.split(separator: "\n") where row.hasPrefix("| `") {
            let keys = row.dropFirst().prefix { $0 != "|" }.split(separator: "`").filter { $0.allSatisfy { $0.isLetter || $0 == "_" } }
            for key in keys { #expect(known.contains(String(key))) }
        }
    }
}
