import JSON
import TestSupport
import Testing

/// A made-up tokenizer with what Hugging Face's `tokenizers` makes of some ids: `Tests/Tokenizers/decoders.json`.
struct DecoderFixture: Sendable, CustomTestStringConvertible {
    struct Case: Sendable {
        let ids: [Int]
        let skipsSpecialTokens: Bool
        let text: String
    }

    let name: String
    let tokenizer: [UInt8]
    let cases: [Case]

    var testDescription: String { name }

    static let all: [DecoderFixture] = {
        guard let bytes = try? fileBytes("\(Recording.testsFolder)/Tokenizers/decoders.json"), let file = try? JSONValue(parsing: bytes)
        else { return [] }
        return (file.array ?? []).map { fixture in
            DecoderFixture(
                name: fixture["name"]?.string ?? "", tokenizer: Array((fixture["tokenizer"] ?? .null).text.utf8),
                cases: (fixture["cases"]?.array ?? []).map { entry in
                    Case(
                        ids: (entry["ids"]?.array ?? []).compactMap(\.int),
                        skipsSpecialTokens: entry["skip_special_tokens"]?.bool ?? true, text: entry["text"]?.string ?? "")
                })
        }
    }()
}
