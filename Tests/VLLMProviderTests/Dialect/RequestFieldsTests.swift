import TestSupport
import Testing

@testable import VLLMProvider

/// `field-versions.txt` was read out of the sources of 30 releases.
@Suite("The fields that versions of vLLM know")
struct RequestFieldsTests {
    private struct Span {
        var field: String
        var versions: Set<String>
    }

    private static let text = (try? fileText("\(Recording.folder)/field-versions.txt")) ?? ""
    private static let versions = text.split(separator: "\n").first.map { $0.split(separator: " ").dropFirst().map(String.init) } ?? []

    /// The fields of one model: `name: 0.9.0.1…0.16.0   [type]`, `≤` in front of what was there from the start, `+` behind what still is.
    private func spans(of model: String) -> [Span] {
        let lines = Self.text.split(separator: "\n", omittingEmptySubsequences: false).drop { $0 != "## \(model)" }.dropFirst()
        return lines.prefix { !$0.isEmpty }.compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 2)
            let (first, last) = Self.ends(of: parts[1], isSingle: line.contains(" only "))
            let from = Self.versions.firstIndex(of: first)
            let to = last.isEmpty ? Self.versions.count - 1 : Self.versions.firstIndex(of: last)
            guard let from, let to, !line.hasPrefix("_") else { return nil }
            return Span(field: String(parts[0].dropLast()), versions: Set(Self.versions[from...to]))
        }
    }

    private static func ends(of span: Substring, isSingle: Bool) -> (first: String, last: String) {
        let span = span.drop { $0 == "≤" }
        if span.hasSuffix("+") { return (String(span.dropLast()), "") }
        let parts = span.split(separator: "…").map(String.init)
        return (parts[0], isSingle ? parts[0] : parts.last ?? "")
    }

    @Test(
        "are those that the releases' sources have, field by field and version by version",
        arguments: [
            ("ChatCompletionRequest", Dialect.Target.chat), ("CompletionRequest", .completions), ("TokenizeChatRequest", .tokenize),
        ])
    func spans(model: String, target: Dialect.Target) throws {
        let spans = spans(of: model)
        #expect(Self.versions.count == 30)
        #expect(Set(spans.map(\.field)) == Set(target.fields.names))
        for span in spans {
            for text in Self.versions {
                let version = try #require(ServerVersion(text))
                let has = target.fields[span.field]?.contains(version)
                #expect(has == span.versions.contains(text), "\(span.field) in \(text)")
            }
            #expect(target.fields[span.field]?.contains(nil) == span.versions.contains("0.32.0"), "\(span.field) in the newest")
        }
    }

    @Test(
        "a version is read as servers and people write it",
        arguments: [
            ("0.32.0", "0.32.0"), ("v0.11", "0.11.0"), ("0.9.0.1", "0.9.0"), ("0.12.0rc1.dev3+g1234abc.d20251101", "0.12.0"),
            ("0.10.1.1", "0.10.1"), ("1.0", "1.0.0"), ("0.33.0+cpu", "0.33.0"), ("", nil), ("dev", nil), ("7", nil), ("a.b", nil),
            ("99999999999999999999.1", nil), ("..", nil),
        ] as [(String, String?)])
    func version(text: String, version: String?) {
        #expect(ServerVersion(text)?.description == version)
    }

    @Test("a build that does not know its version tells none", arguments: ["dev", "0.1.dev1+g1234abc", "0.1.0", ""])
    func unknownBuild(text: String) {
        #expect(ServerVersion(reported: text) == nil)
    }
}
